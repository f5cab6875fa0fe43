// report, audit: what a run came to, and whether its record is whole.

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/files.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "report/report.h"
#include "store/store.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct ReportFlags {
  std::string run;
  std::string html;
  bool json = false;
  bool markdown = false;
  bool csv = false;
};

Result<Exit> Report(const ReportFlags& flags) {
  const auto store = SCA_TRY(store::Store::OpenReadOnly(fs::path(flags.run) / "run.db"));
  const report::Summary summary = SCA_TRY(report::Summarize(*store));
  if (!flags.html.empty()) SCA_TRY(WriteFileAtomically(flags.html, report::Html(summary)));
  if (flags.json) {
    PrintJson(report::ToJson(summary));
  } else if (flags.markdown) {
    fmt::print("{}\n", report::Markdown(summary));
  } else if (flags.csv) {
    fmt::print("{}", report::EvaluationsCsv(summary));
  } else {
    fmt::print("{}\n", report::Terminal(summary));
  }
  return Exit::kDone;
}

struct AuditFlags {
  std::string run;
  std::string head;
  bool json = false;
};

Result<Exit> VerifyAudit(const AuditFlags& flags) {
  const auto store = SCA_TRY(store::Store::OpenReadOnly(fs::path(flags.run) / "run.db"));
  store::AuditCheck check = SCA_TRY(store->VerifyAudit());
  if (check.intact && !flags.head.empty() && check.head != flags.head) {
    check.intact = false;
    check.problem = fmt::format("the last entry is {}, not {}.", check.head, flags.head);
  }
  if (flags.json) {
    PrintJson({{"intact", check.intact},
               {"entries", check.entries},
               {"head", check.head},
               {"problem", check.problem}});
  } else if (check.intact) {
    fmt::print("The audit chain is intact: {} entries, the last one {}.\n", check.entries,
               check.head);
  } else {
    fmt::print("The audit chain is broken: {}\n", check.problem);
  }
  return check.intact ? Exit::kDone : Exit::kGateNotMet;
}

}  // namespace

void AddReport(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<ReportFlags>();
  CLI::App* report = app.add_subcommand("report", "What a run came to, finished or not");
  report->add_option("RUN", flags->run, "Folder of the run")->required()->type_name("DIR");
  CLI::Option* json = report->add_flag(
      "--json", flags->json,
      "As JSON: funnel: [{gate, entered, passed}], evaluations: [{stage, environment, pass_at_1, "
      "pass_at_1_interval, pass_at_4, tasks, trials}], comparison: {difference, interval}, …");
  CLI::Option* markdown = report->add_flag("--markdown", flags->markdown, "As Markdown");
  CLI::Option* csv = report->add_flag("--csv", flags->csv, "The evaluations as CSV");
  json->excludes(markdown)->excludes(csv);
  markdown->excludes(csv);
  report->add_option("--html", flags->html, "Also write the page, which stands alone, to this file")
      ->type_name("FILE");
  report->footer(
      "Examples:\n"
      "  sca report runs/first\n"
      "  sca report runs/first --json --html first.html\n"
      "Prints the funnel of the gates, held-out success with 95% intervals, training and speed.\n"
      "May be called while the run is at work.");
  report->callback([&action, flags] { action = [flags] { return Report(*flags); }; });
}

void AddAudit(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<AuditFlags>();
  CLI::App* audit = app.add_subcommand("audit", "The record of all decisions of a run");
  audit->require_subcommand(1);
  audit->footer("Example:\n  sca audit verify runs/first");
  CLI::App* verify = audit->add_subcommand("verify", "Recomputes the hash chain of a run");
  verify->add_option("RUN", flags->run, "Folder of the run")->required()->type_name("DIR");
  verify
      ->add_option("--head", flags->head,
                   "The last hash as it was noted down; a chain that was shortened has another")
      ->type_name("SHA256");
  verify->add_flag("--json", flags->json, "As JSON: {intact, entries, head, problem}");
  verify->footer(
      "Examples:\n"
      "  sca audit verify runs/first\n"
      "  sca audit verify runs/first --json\n"
      "Prints whether every stored record is as it was when it was decided, and the last hash.\n"
      "Exit code 100 if it is not.");
  verify->callback([&action, flags] { action = [flags] { return VerifyAudit(*flags); }; });
}

}  // namespace sca::cli
