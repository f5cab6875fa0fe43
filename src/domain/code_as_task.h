// Code-as-Task: a training task written as code (paper section 4.2).
//
// An instruction, a verification function that judges the end state and the answer, a solution that
// shows it can be done, and failure cases that the verification function must reject.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace sca {

struct CodeAsTask {
  std::string id;                          // The file's, or the first 16 digits of Hash().
  std::string instruction;                 // What the executor is asked, in words.
  std::string evaluation_function;         // Python: defines evaluate() or evaluate(answer).
  std::string solution;                    // Python: calls tools, leaves `answer` where wanted.
  std::vector<std::string> failure_cases;  // Python, each must be rejected.
  std::string exploration = {};            // Optional: a look around that led to it (examples).

  // SHA-256 over the content (not the id or the exploration), 64 hex digits.
  std::string Hash() const;

  Json ToJson() const;
  static Result<CodeAsTask> FromJson(const Json& json);
};

// Whether a part of a task may be missing: it is empty then, for a gate to say so.
enum class MissingParts { kError, kEmpty };

// A file of one task a line; an error names file and line. Ids must be unique.
Result<std::vector<CodeAsTask>> ParseTasks(std::string_view jsonl, std::string_view file,
                                           MissingParts missing = MissingParts::kError);

}  // namespace sca
