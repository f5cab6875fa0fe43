#include "report/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "domain/statistics.h"
#include "report/plots.h"
#include "report/words.h"

namespace sca::report {
namespace {
namespace fs = std::filesystem;

constexpr char kHostile[] = "<script>alert('x')</script> & \"</pre>\" {{body}}";

GateVerdict Gate(std::string gate, Verdict verdict, std::string evidence) {
  return {.gate = std::move(gate),
          .verdict = verdict,
          .evidence = std::move(evidence),
          .milliseconds = 2.5,
          .isolation_level = 3};
}

store::Candidate MakeCandidate(int index, store::CandidateFate fate,
                               std::vector<GateVerdict> gates) {
  store::Candidate candidate;
  candidate.iteration = 1;
  candidate.index = index;
  candidate.fate = fate;
  candidate.verdict.gates = std::move(gates);
  candidate.conversation = Json::array({{{"role", "assistant"}, {"content", "I give up."}}});
  return candidate;
}

CodeAsTask MakeTask(std::string instruction) {
  return {.id = "t",
          .instruction = std::move(instruction),
          .evaluation_function = "def evaluate(answer): return answer == 2",
          .solution = "answer = half(4)",
          .failure_cases = {"answer = 1", "answer = 3", "answer = None"}};
}

// One iteration: a reply that does not parse, a task that fails a gate, one that was rescued and
// accepted, one that waits, and one that infrastructure broke.
void AddCandidates(store::Store& store) {
  std::vector<store::Candidate> candidates;
  candidates.push_back(MakeCandidate(0, store::CandidateFate::kRejected,
                                     {Gate("parses", Verdict::kFailed, "no <solution>")}));
  candidates.push_back(
      MakeCandidate(1, store::CandidateFate::kRejected,
                    {Gate("parses", Verdict::kPassed, "ok"),
                     Gate("solution_passes", Verdict::kFailed, "evaluate() was false")}));
  candidates.back().task = MakeTask("Halve 4, twice.");
  candidates.push_back(MakeCandidate(
      2, store::CandidateFate::kAccepted,
      {Gate("parses", Verdict::kPassed, "ok"), Gate("solution_passes", Verdict::kPassed, "true"),
       Gate("no_leak", Verdict::kSkipped, "off"), Gate("solvable", Verdict::kPassed, "2 of 4")}));
  candidates.back().task = MakeTask(kHostile);
  candidates.back().first_failure_before_revision = "parses";
  candidates.back().agreement = {.attempts = 4, .agreed = 2, .by_another_trace = 1};
  const std::string arguments = R"({"name": "Flour", "of": ["milk", "flour"], "times": 3})";
  candidates.back().trace = {
      {"calls", Json::array({{{"tool", "look_up"}, {"arguments", arguments}}, {{"tool", "half"}}})},
      {"answer", "2"}};
  candidates.push_back(MakeCandidate(
      3, store::CandidateFate::kSetAside,
      {Gate("parses", Verdict::kPassed, "ok"), Gate("solution_passes", Verdict::kPassed, "true"),
       Gate("solvable", Verdict::kFailed, "0 of 4")}));
  candidates.back().task = MakeTask("Halve 6.");
  candidates.push_back(MakeCandidate(4, store::CandidateFate::kRejected,
                                     {Gate("infrastructure", Verdict::kFailed, "model died")}));
  for (const store::Candidate& candidate : candidates) {
    ASSERT_TRUE(store.AddCandidate(candidate).ok());
  }
}

// Two held-out tasks of one and three calls, four trials each; `successes` of each.
Evaluation MakeEvaluation(std::string stage, std::vector<int> successes) {
  Evaluation evaluation;
  evaluation.stage = std::move(stage);
  evaluation.environment = "kitchen";
  evaluation.policy = evaluation.stage == "before" ? "base" : "iteration_1";
  evaluation.seed = 7;
  evaluation.trials = 4;
  int sum = 0;
  for (std::size_t task = 0; task < successes.size(); ++task) {
    evaluation.tasks.push_back({.task_id = "h" + std::to_string(task),
                                .calls = task == 0 ? 1 : 3,
                                .trials = 4,
                                .successes = successes[task]});
    sum += successes[task];
    evaluation.pass_at_4 += PassAtK(4, successes[task], 4) / static_cast<double>(successes.size());
  }
  const int trials = 4 * static_cast<int>(successes.size());
  evaluation.pass_at_1 = static_cast<double>(sum) / trials;
  evaluation.pass_at_1_interval = WilsonInterval(sum, trials);
  return evaluation;
}

void AddEpisode(store::Store& store, const std::string& purpose, int index, double reward) {
  store::StoredTrajectory stored;
  stored.iteration = purpose == "evaluation:before" ? 0 : 1;
  stored.purpose = purpose;
  stored.index = index;
  stored.trajectory.task_id = "h" + std::to_string(index);
  stored.trajectory.turns = {{.agent = "answer = half(\"</pre><b>\")",
                              .observation = "2",
                              .calls = Json::array({{{"tool", "half"}}})}};
  stored.trajectory.reward = reward;
  stored.trajectory.answer = "2";
  stored.trajectory.outcome = reward >= 1 ? "passed" : "failed";
  ASSERT_TRUE(store.AddTrajectory(stored).ok());
}

std::unique_ptr<store::Store> SmallRun() {
  auto store = store::Store::OpenInMemory().value();
  EXPECT_TRUE(
      store
          ->SetMeta("recipe",
                    {{"title", "Kitchen arithmetic"}, {"seed", 7}, {"model.path", "small-model"}})
          .ok());
  EXPECT_TRUE(store->SetMeta("environment", "kitchen").ok());
  EXPECT_TRUE(store->SetMeta("finished", true).ok());
  EXPECT_TRUE(store->SetMeta("isolation_level", 3).ok());
  EXPECT_TRUE(store
                  ->SetMeta("stage_seconds",
                            {{"challenge", 125.0}, {"train", 40.0}, {"evaluation:before", 12.5}})
                  .ok());
  EXPECT_TRUE(
      store->SetMeta("speed", {{"decode_tokens_per_s", 410.0}, {"ratio_to_batched_bench", 0.75}})
          .ok());
  AddCandidates(*store);
  EXPECT_TRUE(store->AddEvaluation(MakeEvaluation("before", {1, 0})).ok());
  EXPECT_TRUE(store->AddEvaluation(MakeEvaluation("after", {4, 2})).ok());
  AddEpisode(*store, "evaluation:before", 0, 0);
  AddEpisode(*store, "evaluation:after", 0, 1);
  AddEpisode(*store, "pilot", 0, 1);
  store::TrainingRecord training;
  training.iteration = 1;
  training.algorithm = "rft";
  training.rows = 5;
  training.rows_from_rollouts = 4;
  training.rows_from_demonstrations = 1;
  training.distinct_tasks = 1;
  training.losses = {0.9, 0.5, 0.25};
  training.seconds = 40;
  training.adapter = "adapters/iteration_1.gguf";
  EXPECT_TRUE(store->AddTraining(training).ok());
  return store;
}

// SCA_UPDATE_GOLDEN=1 writes the files anew; review them as any change.
void ExpectGolden(const std::string& name, const std::string& text) {
  const fs::path file = fs::path(SCA_SOURCE_DIR) / "tests/golden/report" / name;
  if (std::getenv("SCA_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(WriteFileAtomically(file, text).ok());
  }
  EXPECT_EQ(text, ReadFile(file).value()) << "SCA_UPDATE_GOLDEN=1 updates " << file;
}

TEST(Summarize, CountsEachGateAndLeavesInfrastructureOut) {
  const Summary summary = Summarize(*SmallRun()).value();

  ASSERT_EQ(summary.funnel.size(), 4U);
  EXPECT_EQ(summary.funnel[0].gate, "parses");
  EXPECT_EQ(summary.funnel[0].entered, 4);
  EXPECT_EQ(summary.funnel[0].passed, 3);
  EXPECT_EQ(summary.funnel[1].gate, "solution_passes");
  EXPECT_EQ(summary.funnel[1].entered, 3);
  EXPECT_EQ(summary.funnel[1].passed, 2);
  EXPECT_EQ(summary.funnel[2].gate, "no_leak");
  EXPECT_EQ(summary.funnel[2].entered, 0);
  EXPECT_EQ(summary.funnel[3].gate, "solvable");
  EXPECT_EQ(summary.candidates.candidates, 4);
  EXPECT_EQ(summary.candidates.accepted, 1);
  EXPECT_EQ(summary.candidates.set_aside, 1);
  EXPECT_EQ(summary.candidates.rescued, 1);
  EXPECT_EQ(summary.candidates.infrastructure_failures, 1);
}

// A run that asked people: one task was rejected, one waits for a word.
std::unique_ptr<store::Store> ReviewedRun() {
  auto store = SmallRun();
  store::Candidate candidate = MakeCandidate(
      5, store::CandidateFate::kWaiting,
      {Gate("parses", Verdict::kPassed, "ok"), Gate("solvable", Verdict::kPassed, "2 of 4")});
  candidate.task = MakeTask("Halve 8.");
  candidate.task->id = "t1-5";
  EXPECT_TRUE(store->AddCandidate(candidate).ok());
  EXPECT_TRUE(store
                  ->AddReview({.task_id = "t1-5",
                               .task_hash = candidate.task->Hash(),
                               .decision = Decision::kRejected,
                               .by = "Ann",
                               .note = "<b>Why</b> halve?"})
                  .ok());
  candidate.fate = store::CandidateFate::kRejected;
  candidate.verdict.gates.push_back(
      Gate("approved", Verdict::kFailed, "Rejected by Ann: <b>Why</b> halve?"));
  EXPECT_TRUE(store->UpdateCandidate(candidate).ok());
  candidate = store->Candidates(1).value()[2];
  candidate.index = 6;
  candidate.fate = store::CandidateFate::kWaiting;
  EXPECT_TRUE(store->AddCandidate(candidate).ok());
  return store;
}

TEST(Summarize, ShowsInTheFunnelWhoWaitsForApprovalAndWhoFellThere) {
  const Summary summary = Summarize(*ReviewedRun()).value();

  const GateFigures& approved = summary.funnel.back();
  EXPECT_EQ(approved.gate, "approved");
  EXPECT_EQ(approved.entered, 1);
  EXPECT_EQ(approved.passed, 0);
  EXPECT_EQ(approved.waiting, 1);
  EXPECT_EQ(summary.candidates.waiting, 1);
  EXPECT_EQ(summary.rejected_examples.back().caption, "approved");
}

TEST(Report, TellsOfApprovalInEveryForm) {
  const Summary summary = Summarize(*ReviewedRun()).value();

  EXPECT_NE(Terminal(summary).find("A person approved it. 1 is not taken up yet."),
            std::string::npos);
  EXPECT_NE(Terminal(summary).find("waiting for approval 1, rejected 3"), std::string::npos);
  EXPECT_NE(Markdown(summary).find("1 is not taken up yet."), std::string::npos);
  const Json json = ToJson(summary);
  EXPECT_EQ(json.at("funnel").back().at("waiting"), 1);
  EXPECT_EQ(json.at("candidates").at("waiting"), 1);
  EXPECT_EQ(json.at("reviews").at(0).at("by"), "Ann");
  const std::string html = Html(summary);
  EXPECT_NE(html.find("0 of 1, 1 waiting"), std::string::npos);
  EXPECT_NE(html.find("&lt;b&gt;Why&lt;/b&gt; halve?"), std::string::npos);
  EXPECT_EQ(html.find("<b>Why"), std::string::npos);
}

TEST(Summarize, ComparesBeforeWithTheLastEvaluation) {
  const auto store = SmallRun();

  const Summary summary = Summarize(*store).value();

  ASSERT_TRUE(summary.comparison.has_value());
  EXPECT_DOUBLE_EQ(summary.comparison->difference, 0.625);
  ASSERT_EQ(summary.by_calls.size(), 2U);
  EXPECT_EQ(summary.by_calls[1].calls, 3);
  EXPECT_EQ(summary.by_calls[1].before_successes, 0);
  EXPECT_EQ(summary.by_calls[1].after_successes, 2);
  EXPECT_EQ(summary.trajectory_examples[0].caption, "Before training: failed");
  EXPECT_EQ(summary.trajectory_examples[1].caption, "After training: the same task, solved");
  EXPECT_DOUBLE_EQ(summary.diversity.tools_entropy, 1);
}

TEST(Summarize, NormalisesEntropiesByTheKindsThereAre) {
  const Diversity diversity = Summarize(*SmallRun()).value().diversity;

  ASSERT_EQ(diversity.entities.size(), 2U);
  EXPECT_EQ(diversity.entities[0].name, "flour");
  EXPECT_EQ(diversity.entities[0].count, 2);
  EXPECT_NEAR(Diversity::Evenness(diversity.entities_entropy, diversity.entities), 0.918, 0.001);
  EXPECT_DOUBLE_EQ(Diversity::Evenness(diversity.tools_entropy, diversity.tools), 1);
  EXPECT_DOUBLE_EQ(Diversity::Evenness(diversity.shapes_entropy, diversity.shapes), 0);
  EXPECT_NEAR(diversity.Overall(), 1.918 / 3, 0.001);
}

TEST(Html, SaysHowManyPilotAttemptsCameToTheEndByOtherCalls) {
  const std::string html = Html(Summarize(*SmallRun()).value());

  EXPECT_NE(html.find("2 of 4 pilot attempts came to the end of the solution, 1 of them by other"),
            std::string::npos);
}

TEST(Report, GivesTheGoldenFormsOfASmallRun) {
  Summary summary = Summarize(*SmallRun()).value();
  summary.audit.head = "0123abcd";  // The real one changes with every detail of a record.

  ExpectGolden("terminal.txt", Terminal(summary));
  ExpectGolden("report.md", Markdown(summary));
  ExpectGolden("evaluations.csv", EvaluationsCsv(summary));
  ExpectGolden("report.json", DumpJson(ToJson(summary), 2) + "\n");
}

TEST(Report, KeepsTheInterfaceThatOthersReadAsJson) {
  const Json json = ToJson(Summarize(*SmallRun()).value());

  EXPECT_EQ(json.at("funnel").at(0).at("gate"), "parses");
  EXPECT_EQ(json.at("funnel").at(0).at("entered"), 4);
  EXPECT_EQ(json.at("funnel").at(0).at("passed"), 3);
  const Json& after = json.at("evaluations").at(1);
  EXPECT_EQ(after.at("stage"), "after");
  EXPECT_EQ(after.at("tasks"), 2);
  EXPECT_EQ(after.at("trials"), 4);
  EXPECT_DOUBLE_EQ(after.at("pass_at_1").get<double>(), 0.75);
  EXPECT_EQ(after.at("pass_at_1_interval").size(), 2U);
  EXPECT_DOUBLE_EQ(after.at("pass_at_4").get<double>(), 1);
  EXPECT_EQ(json.at("comparison").at("interval").size(), 2U);
}

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Html, EscapesWhateverAModelWrote) {
  const std::string html = Html(Summarize(*SmallRun()).value());

  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("</pre><b>"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp;"), std::string::npos);
  EXPECT_EQ(Count(html, "</body>"), 1);
  EXPECT_EQ(Count(html, "<pre"), Count(html, "</pre>"));
  EXPECT_NE(html.find("{{body}}"), std::string::npos);  // As the model wrote it, not filled.
}

TEST(Html, StandsAloneAndBalancesItsElements) {
  const std::string html = Html(Summarize(*SmallRun()).value());

  for (const char* outside : {"src=", "url(", "@import", "http://", "https://", "<link"}) {
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  }
  for (const std::string element :
       {"div", "section", "table", "tr", "td", "svg", "details", "p", "span", "text", "rect"}) {
    EXPECT_EQ(Count(html, "<" + element + ">") + Count(html, "<" + element + " "),
              Count(html, "</" + element + ">"))
        << element;
  }
  EXPECT_EQ(Count(html, "<svg"), 9);
}

TEST(Html, EscapesBytesThatAreNoText) {
  EXPECT_EQ(Escape("a\xff"
                   "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(Escape(std::string_view("x\0\x1b[31m", 7)), "x\xEF\xBF\xBD\xEF\xBF\xBD[31m");
}

TEST(Report, HasEveryFormForARunThatHasNotBegun) {
  const auto store = store::Store::OpenInMemory().value();

  const Summary summary = Summarize(*store).value();

  EXPECT_NE(Html(summary).find("No held-out task was played yet."), std::string::npos);
  EXPECT_EQ(Html(summary).find("nan"), std::string::npos);
  EXPECT_NE(Terminal(summary).find("No candidate tasks were written yet."), std::string::npos);
  EXPECT_FALSE(Markdown(summary).empty());
  EXPECT_EQ(Count(EvaluationsCsv(summary), "\r\n"), 1);
  EXPECT_TRUE(ToJson(summary).at("comparison").is_null());
  EXPECT_TRUE(ToJson(summary).at("funnel").empty());
}

TEST(Html, DrawsALossThatIsNoNumberAsAGap) {
  store::TrainingRecord training;
  training.iteration = 1;
  training.losses = {0.5, std::nan(""), 0.25, 0.2};

  const std::string svg = LossPlot({training});

  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(Count(svg, "M"), 2);
}

TEST(Terminal, KeepsItsLinesShort) {
  const std::string text = Terminal(Summarize(*SmallRun()).value());

  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    EXPECT_LE(end - start, 100U + 4)  // Bytes; a dash or an ellipsis has three.
        << text.substr(start, end - start);
    start = end + 1;
  }
}

TEST(Words, SpeakOfChanceWhereTheIntervalIncludesZero) {
  Summary summary;
  summary.before = MakeEvaluation("before", {1, 0});
  summary.after = MakeEvaluation("after", {1, 1});
  summary.comparison = Comparison{.difference = 0.125, .interval = {.low = -0.1, .high = 0.3}};

  EXPECT_NE(ComparisonSentence(summary).find("may be chance"), std::string::npos);

  summary.comparison->interval.low = 0.05;
  EXPECT_NE(ComparisonSentence(summary).find("more than chance"), std::string::npos);
}

TEST(Words, GiveTimesInTheUnitThatReadsBest) {
  EXPECT_EQ(Duration(4.56), "4.6 s");
  EXPECT_EQ(Duration(59.6), "1 min 00 s");
  EXPECT_EQ(Duration(200), "3 min 20 s");
  EXPECT_EQ(Duration(3900), "1 h 05 min");
  EXPECT_EQ(Milliseconds(0.42), "0.42 ms");
  EXPECT_EQ(Milliseconds(3100), "3.1 s");
}

}  // namespace
}  // namespace sca::report
