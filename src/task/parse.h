// Reads what a model wrote: a Code-as-Task, or a message with one piece of Python.
//
// Lenient where the meaning is beyond doubt (fences, stray prose, a tag not closed at the end,
// numbered failure cases); everything else is a sentence that the model can act on. Never an error:
// what a model writes is data.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "domain/code_as_task.h"

namespace sca::task {

constexpr std::size_t kFailureCasesMin = 3;  // A Code-as-Task has at least so many.
constexpr std::size_t kInstructionBytesMax = 3000;
constexpr std::size_t kPartBytesMax = 8192;  // Of its evaluate and of its solution.

struct ParsedReply {
  std::optional<CodeAsTask> task;
  std::string problem;  // Set where there is no task.
};

// `failure_cases_min`: less where CompleteFailureCases follows.
ParsedReply ParseCodeAsTask(std::string_view reply,
                            std::size_t failure_cases_min = kFailureCasesMin);

// The text form that ParseCodeAsTask reads back (paper section 2.2), for worked examples.
std::string RenderCodeAsTask(const CodeAsTask& task);

struct ParsedAction {
  std::optional<std::string> code;
  std::string problem;  // Set where there is no code.
};

// The first fenced block, closed or not; a message without fences that is plainly code is code.
ParsedAction ParseAction(std::string_view reply);

}  // namespace sca::task
