// report, audit: what a run came to, and whether its record is whole.

#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "cli/commands.h"
#include "cli/recipe_flags.h"
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

Result<Exit> VerifyAudit(const ReportFlags& flags) {
  const auto store = SCA_TRY(store::Store::OpenReadOnly(fs::path(flags.run) / "run.db"));
  const store::AuditCheck check = SCA_TRY(store->VerifyAudit());
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
  report->add_option("RUN", flags->run, "The folder of the run")->required();
  report->add_flag("--json", flags->json, "As JSON");
  report->add_flag("--markdown", flags->markdown, "As Markdown");
  report->add_flag("--csv", flags->csv, "The evaluations as CSV");
  report->add_option("--html", flags->html, "Also write the page to this file");
  report->footer("Examples:\n  sca report runs/first\n  sca report runs/first --json");
  report->callback([&action, flags] { action = [flags] { return Report(*flags); }; });

  CLI::App* audit = app.add_subcommand("audit", "The record of decisions");
  audit->require_subcommand(1);
  CLI::App* verify = audit->add_subcommand("verify", "Recomputes the hash chain of a run");
  verify->add_option("RUN", flags->run, "The folder of the run")->required();
  verify->add_flag("--json", flags->json, "As JSON");
  verify->callback([&action, flags] { action = [flags] { return VerifyAudit(*flags); }; });
}

}  // namespace sca::cli
