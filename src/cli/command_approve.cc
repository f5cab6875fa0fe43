// approve: a person looks at the tasks that wait for one, and says which may be trained on.

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/text.h"
#include "campaign/approvals.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/task_review.h"
#include "store/store.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct ApproveFlags {
  std::string run;
  std::vector<std::string> tasks;
  std::string by;
  bool decides = false;  // --by was given, be it blank.
  std::string note;
  bool all = false;
  bool reject = false;
  bool interactive = false;
  bool json = false;

  bool names_tasks() const { return all || !tasks.empty(); }
};

// What is wrong with the flags together; empty if nothing is.
std::string WrongUse(const ApproveFlags& flags) {
  if (flags.all && !flags.tasks.empty()) return "Name tasks, or give --all, not both.";
  for (const std::string& name : flags.tasks) {
    if (std::string wrong = campaign::WrongName(name); !wrong.empty()) return wrong;
  }
  if (flags.decides && Trim(flags.by).empty()) return "--by needs a name, which is not blank.";
  if (flags.interactive) {
    if (flags.names_tasks() || flags.reject || flags.json) {
      return "--interactive asks for each task; it goes with --by and --note only.";
    }
    if (!flags.decides) return "Say who decides: --by NAME.";
    if (::isatty(STDIN_FILENO) == 0) {
      return fmt::format(
          "--interactive asks in a terminal, and there is none. `sca approve {} --all` shows the "
          "tasks, `sca approve {} TASK --by NAME` approves one.",
          flags.run, flags.run);
    }
    return "";
  }
  if (!flags.decides && (flags.reject || !flags.note.empty())) {
    return "Say who decides: --by NAME.";
  }
  if (flags.decides && !flags.names_tasks()) {
    return fmt::format(
        "Name the tasks to decide on, or give --all or --interactive. `sca approve {}` lists them.",
        flags.run);
  }
  return "";
}

std::string TimeNow() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

Review WordOf(const ApproveFlags& flags) {
  return {.task_id = "",
          .task_hash = "",
          .decision = flags.reject ? Decision::kRejected : Decision::kApproved,
          .by = flags.by,
          .note = flags.note,
          .time = TimeNow()};
}

// How many still need a word, and what to do next.
Status PrintNext(const store::Store& store, const std::string& run) {
  const std::size_t waiting = SCA_TRY(campaign::WaitingTasks(store)).size();
  const std::size_t open = SCA_TRY(campaign::OpenTasks(store)).size();
  if (waiting == 0) {
    fmt::print("No task of {} waits for approval. A recipe asks for it by gates.approval = true.\n",
               run);
  } else if (open == 0) {
    fmt::print("There is a word on every task; go on by `sca resume {}`.\n", run);
  } else {
    fmt::print(
        "{} of {} tasks wait{} for a word. `sca approve {} --interactive --by NAME` shows each "
        "with its evidence and asks.\n",
        open, waiting, open == 1 ? "s" : "", run);
  }
  return {};
}

Result<Exit> List(const store::Store& store, const ApproveFlags& flags) {
  std::vector<campaign::WaitingTask> tasks;
  if (flags.tasks.empty()) {
    tasks = SCA_TRY(campaign::WaitingTasks(store));
  } else {
    for (const std::string& name : flags.tasks) {
      tasks.push_back(SCA_TRY(campaign::FindWaiting(store, name)));
    }
  }
  for (const campaign::WaitingTask& task : tasks) {
    if (flags.json) {
      fmt::print("{}\n", ReviewJson(task));
    } else if (flags.names_tasks()) {
      fmt::print("{}\n", ReviewText(task));
    } else {
      fmt::print("{}\n", ReviewLine(task));
    }
  }
  if (!flags.json) SCA_TRY(PrintNext(store, flags.run));
  return Exit::kDone;
}

// All words or, after an error, none.
Result<Exit> Decide(store::Store& store, const ApproveFlags& flags) {
  std::vector<std::string> names = flags.tasks;
  store::Transaction transaction = SCA_TRY(store.Begin());
  if (flags.all) {
    for (const campaign::WaitingTask& task : SCA_TRY(campaign::OpenTasks(store))) {
      names.push_back(task.candidate.task->id);
    }
  }
  const Review word = WordOf(flags);
  for (const std::string& name : names) SCA_TRY(campaign::GiveWord(store, name, word));
  // Read before the commit: after it a resume may take the words up, and the tasks wait no more.
  std::string lines;
  for (const std::string& name : names) {
    const campaign::WaitingTask task = SCA_TRY(campaign::FindWaiting(store, name));
    lines += (flags.json ? ReviewJson(task) : ReviewLine(task)) + "\n";
  }
  SCA_TRY(transaction.Commit());
  fmt::print("{}", lines);
  if (!flags.json) SCA_TRY(PrintNext(store, flags.run));
  return Exit::kDone;
}

Result<Exit> Approve(const ApproveFlags& flags) {
  if (const std::string wrong = WrongUse(flags); !wrong.empty()) {
    return PrintError({ErrorCode::kInvalidArgument, wrong}, Exit::kUsage);
  }
  const fs::path file = fs::path(flags.run) / "run.db";
  // Opened so first, because to open it for writing would create it.
  const auto reader = SCA_TRY(store::Store::OpenReadOnly(file));
  if (!flags.decides) return List(*reader, flags);
  const auto store = SCA_TRY(store::Store::Open(file));
  if (!flags.interactive) return Decide(*store, flags);
  SCA_TRY(ReviewOneByOne(*store, WordOf(flags), {.lines = std::cin, .time_now = TimeNow}));
  SCA_TRY(PrintNext(*store, flags.run));
  return Exit::kDone;
}

}  // namespace

void AddApprove(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<ApproveFlags>();
  CLI::App* approve = app.add_subcommand(
      "approve", "Shows the tasks that wait for a person's word, and takes that word");
  approve->add_option("RUN", flags->run, "Folder of the run")->required()->type_name("DIR");
  approve
      ->add_option("TASK", flags->tasks,
                   "Ids of tasks; ID@HASH holds only if the hash begins so, as it was shown")
      ->type_name("ID[@HASH]");
  const CLI::Option* by =
      approve
          ->add_option("--by", flags->by, "Who decides; without it nothing is decided, only shown")
          ->type_name("NAME");
  approve->add_option("--note", flags->note, "Why, for the record")->type_name("TEXT");
  approve->add_flag("--reject", flags->reject, "Reject the tasks instead of approving them");
  approve->add_flag("--all", flags->all,
                    "All tasks that have no word yet; without --by, shows all in full");
  approve->add_flag("--interactive", flags->interactive,
                    "Show each task with its evidence and ask, in a terminal");
  approve->add_flag("--json", flags->json,
                    "A line a task: {id, hash, review, instruction, solution, "
                    "evaluation_function, failure_cases, gates: [{gate, verdict, evidence}]}");
  approve->footer(
      "Examples:\n"
      "  sca approve runs/first                                     the list\n"
      "  sca approve runs/first t1-3                                one in full, with evidence\n"
      "  sca approve runs/first t1-3 t1-8 --by Ann --note \"clear\"\n"
      "  sca approve runs/first t1-4 --reject --by Ann --note \"the office has two printers\"\n"
      "  sca approve runs/first --interactive --by Ann\n"
      "Prints the tasks that wait, or what was decided. A run whose recipe has gates.approval =\n"
      "true stops after each pilot, and `sca resume DIR` goes on once there is a word on every\n"
      "task that waits. The last word on a task counts, and holds for exactly the content that\n"
      "was shown. Words are kept in the audit chain of the run (`sca audit verify`).");
  approve->callback([&action, flags, by] {
    flags->decides = by->count() > 0;
    action = [flags] { return Approve(*flags); };
  });
}

}  // namespace sca::cli
