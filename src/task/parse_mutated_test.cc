// What a model writes is never trusted: replies with random damage are parsed, and whatever comes
// out is a task or a sentence, soon.

#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <vector>

#include "base/random.h"
#include "task/parse.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr int kRounds = 4000;
constexpr std::size_t kReplyBytesMax = 20'000;

std::vector<std::string> Replies() {
  CodeAsTask task;
  task.instruction = "What do 7 kilograms of sugar cost?";
  task.evaluation_function = "def evaluate(answer):\n    return answer == 9.8";
  task.solution = "price = price_per_kilogram(\"sugar\")\nanswer = price * 7";
  task.failure_cases = {"answer = 1", "answer = 'x'", "answer = [\n  2,\n]"};
  return {RenderCodeAsTask(task), "Let me see.\n```python\nprint(get_order(\"A1\"))\n```\nDone.",
          "answer = 3\nprint(answer)",
          "<instruction>a</instruction><solution>```\nx = '''\n```'''\n```</solution>",
          "<failure_case_1>\nanswer = 1\n</failure_case_1>\n<failure_case 2>answer"};
}

// Pieces that parsers look for, and what upsets them.
const std::vector<std::string> kPieces = {"```",
                                          "```python\n",
                                          "<",
                                          ">",
                                          "</",
                                          "<instruction>",
                                          "\n```\n",
                                          "</instruction>",
                                          "<solution>",
                                          "\"\"\"",
                                          "'''",
                                          "<failure_case>",
                                          "\\",
                                          "</failure_case>",
                                          "\xff\xfe",
                                          "\n\n\n",
                                          "#",
                                          "<evaluation_function>",
                                          "f\"{",
                                          std::string(1, '\0'),
                                          "\xf0\x9f\x98",
                                          "\r\n",
                                          "&lt;",
                                          "</solution></solution>"};

std::string Damaged(std::string text, RandomStream& random, const std::vector<std::string>& all) {
  const int changes = 1 + static_cast<int>(random.Below(6));
  for (int change = 0; change < changes; ++change) {
    const std::size_t at = text.empty() ? 0 : random.Below(text.size());
    const std::size_t length = random.Below(40);
    switch (random.Below(6)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, kPieces[random.Below(kPieces.size())]);
        break;
      case 2:
        text.insert(at, text.substr(at, length * 20));
        break;
      case 3:
        if (!text.empty()) text[at] = static_cast<char>(random.Below(256));
        break;
      case 4:
        text.resize(at);
        break;
      default:
        text.insert(at, all[random.Below(all.size())]);
    }
    if (text.size() > kReplyBytesMax) text.resize(kReplyBytesMax);
  }
  return text;
}

// Of this process alone: what else the machine does must not count.
double ProcessorSeconds(std::clock_t since) {
  return static_cast<double>(std::clock() - since) / CLOCKS_PER_SEC;
}

TEST(MutatedReplies, GiveATaskOrASentenceAndNeverMore) {
  const std::vector<std::string> replies = Replies();
  RandomStream random(DeriveSeed(20, "mutated replies", 0));
  const std::clock_t start = std::clock();

  for (int round = 0; round < kRounds; ++round) {
    const std::string reply = Damaged(replies[random.Below(replies.size())], random, replies);

    const ParsedReply parsed = ParseCodeAsTask(reply);
    ASSERT_NE(parsed.task.has_value(), !parsed.problem.empty()) << reply;
    if (parsed.task.has_value()) {
      ASSERT_GE(parsed.task->failure_cases.size(), kFailureCasesMin) << reply;
      ASSERT_FALSE(parsed.task->solution.empty()) << reply;
    }
    const ParsedAction action = ParseAction(reply);
    ASSERT_NE(action.code.has_value(), !action.problem.empty()) << reply;
    for (const Token& token : TokensOf(reply)) ASSERT_LE(token.end, reply.size());
  }

  EXPECT_LT(ProcessorSeconds(start), 60);
}

// A parser that goes back over what it has read takes minutes for these.
TEST(MutatedReplies, TakeTimeInProportionToTheirLength) {
  for (const std::string& piece : kPieces) {
    std::string reply;
    while (reply.size() < 200'000) reply += piece;
    const std::clock_t start = std::clock();

    ParseCodeAsTask(reply);
    ParseAction(reply);

    EXPECT_LT(ProcessorSeconds(start), 30) << piece;
  }
}

}  // namespace
}  // namespace sca::task
