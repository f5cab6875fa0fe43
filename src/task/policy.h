// Rules of a company that tasks must keep, read from a TOML file (`gates.policy_file`).
//
// docs/ARCHITECTURE.md section 6 has the form; recipes/policies/shop.toml is an example.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/tool_spec.h"
#include "task/known_tasks.h"

namespace sca::task {

struct Policy {
  struct Limit {  // Of a number argument, both ends allowed.
    std::string tool;
    std::string argument;
    std::optional<double> minimum;
    std::optional<double> maximum;
  };
  struct Confirm {  // `tool` only after `after`; for the same thing where both name it alike.
    std::string tool;
    std::string after;
  };
  struct Predicate {
    std::string name;
    std::string code;  // Python: def holds(instruction, calls), which returns exactly True.
  };

  std::string file;  // Empty: there are no rules.
  std::vector<std::string> forbidden_tools;
  std::vector<std::vector<std::string>> forbidden_combinations;
  std::vector<std::string> forbidden_words;
  std::vector<Limit> limits;
  std::vector<Confirm> confirms;
  std::vector<Predicate> predicates;

  // No rules for an empty name. kInvalidArgument names the key that is wrong and what it should be;
  // so does a rule about a tool, or an argument of it, that is not among `tools`.
  static Result<Policy> Read(const std::string& file, const std::vector<ToolSpec>& tools);
  static Result<Policy> Parse(std::string_view toml, const std::string& file,
                              const std::vector<ToolSpec>& tools);

  int rules() const;

  // The rule that is broken, and by what; empty if none is. Predicates are not looked at: they are
  // code, and need a cell.
  std::string Broken(const std::string& instruction, const Trace& trace) const;
};

// Python that leaves in `answer` what the predicate says.
std::string PredicateProgram(const Policy::Predicate& predicate, const std::string& instruction,
                             const Trace& trace);

}  // namespace sca::task
