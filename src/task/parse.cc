#include "task/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace sca::task {
namespace {

constexpr std::size_t kFailureCasesMax = 8;

bool IsWordEnd(std::string_view text, std::size_t at) {
  return at >= text.size() || text[at] == '>' || text[at] == ' ' || text[at] == '_' ||
         (text[at] >= '0' && text[at] <= '9');
}

struct Tag {
  std::size_t begin = 0;  // Of "<".
  std::size_t end = 0;    // After ">".
};

// The next `<name…>` or `</name…>` from `from` on; `lower` is the lower-cased text.
std::optional<Tag> FindTag(std::string_view lower, std::string_view opening, std::size_t from) {
  for (std::size_t at = lower.find(opening, from); at != std::string_view::npos;
       at = lower.find(opening, at + 1)) {
    if (!IsWordEnd(lower, at + opening.size())) continue;
    const std::size_t close = lower.find('>', at);
    if (close == std::string_view::npos || close - at > opening.size() + 8) continue;
    return Tag{.begin = at, .end = close + 1};
  }
  return std::nullopt;
}

struct Element {
  std::string_view content;
  bool cut_off = false;  // The text ended before it was closed.
};

// Every <name> element, in order. One that is not closed ends at the next opening tag of any part,
// or at the end of the text.
std::vector<Element> Elements(std::string_view text, std::string_view lower,
                              std::string_view name) {
  constexpr std::string_view kOpenings[] = {"<instruction", "<evaluation_function", "<solution",
                                            "<failure_case"};
  std::vector<Element> elements;
  const std::string opening = fmt::format("<{}", name);
  const std::string closing = fmt::format("</{}", name);
  std::size_t from = 0;
  while (const std::optional<Tag> open = FindTag(lower, opening, from)) {
    std::size_t end = text.size();
    for (const std::string_view other : kOpenings) {
      if (const auto next = FindTag(lower, other, open->end)) end = std::min(end, next->begin);
    }
    bool cut_off = end == text.size();
    std::size_t next_from = end;
    if (const auto close = FindTag(lower, closing, open->end); close && close->begin <= end) {
      end = close->begin;
      next_from = close->end;
      cut_off = false;
    }
    elements.push_back({text.substr(open->end, end - open->end), cut_off});
    from = next_from;
  }
  return elements;
}

std::string_view WithoutFence(std::string_view text) {
  text = Trim(text);
  const std::size_t open = text.find("```");
  if (open == std::string_view::npos) return text;
  const std::size_t line_end = text.find('\n', open);
  if (line_end == std::string_view::npos) return Trim(text.substr(0, open));
  std::string_view inside = text.substr(line_end + 1);
  return inside.substr(0, inside.find("```"));
}

// Takes away the indentation that all lines share, and blank lines around.
std::string Dedent(std::string_view text) {
  std::size_t shared = std::string_view::npos;
  const std::vector<std::string_view> lines = SplitLines(text);
  for (const std::string_view line : lines) {
    const std::size_t first = line.find_first_not_of(" \t");
    if (first != std::string_view::npos) shared = std::min(shared, first);
  }
  if (shared == std::string_view::npos) return {};
  std::string dedented;
  for (const std::string_view line : lines) {
    dedented += line.size() > shared ? line.substr(shared) : std::string_view{};
    dedented += '\n';
  }
  const std::size_t begin = dedented.find_first_not_of('\n');
  const std::size_t end = dedented.find_last_not_of(" \t\n");
  return begin == std::string::npos ? std::string{} : dedented.substr(begin, end - begin + 1);
}

std::string CodeOf(std::string_view element) { return Dedent(WithoutFence(element)); }

bool LooksLikeCode(std::string_view text) {
  if (text.empty() || text.size() > kPartBytesMax) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c != '\0'; }) &&
         (text.find('(') != std::string_view::npos || text.find('=') != std::string_view::npos) &&
         text.find(". ") == std::string_view::npos && text.find('<') == std::string_view::npos;
}

ParsedReply Problem(std::string text) { return {.task = std::nullopt, .problem = std::move(text)}; }

}  // namespace

ParsedReply ParseCodeAsTask(std::string_view reply, std::size_t failure_cases_min) {
  const std::string lower = Lowercase(reply);
  const auto only = [&](std::string_view name) -> std::optional<std::string_view> {
    const std::vector<Element> found = Elements(reply, lower, name);
    if (found.empty() || Trim(found.front().content).empty()) return std::nullopt;
    return found.front().content;
  };
  for (const std::string_view name : {"instruction", "evaluation_function", "solution"}) {
    if (!only(name).has_value()) {
      return Problem(
          fmt::format("The task has no <{0}> part. Write it between <{0}> and </{0}>.", name));
    }
  }
  CodeAsTask task;
  task.instruction = std::string(Trim(*only("instruction")));
  task.evaluation_function = CodeOf(*only("evaluation_function"));
  task.solution = CodeOf(*only("solution"));
  for (const Element& element : Elements(reply, lower, "failure_case")) {
    // Of a reply that ran out of tokens the last case is half a case; it is missed only if needed.
    if (element.cut_off && task.failure_cases.size() >= failure_cases_min) break;
    std::string code = CodeOf(element.content);
    if (!code.empty() && task.failure_cases.size() < kFailureCasesMax) {
      task.failure_cases.push_back(std::move(code));
    }
  }
  if (task.failure_cases.size() < failure_cases_min) {
    return Problem(fmt::format("The task has {} <failure_case> parts, but it needs {}.",
                               task.failure_cases.size(), failure_cases_min));
  }
  for (const std::string* part : {&task.instruction, &task.evaluation_function, &task.solution}) {
    const std::size_t most = part == &task.instruction ? kInstructionBytesMax : kPartBytesMax;
    if (part->empty() || part->size() > most) {
      return Problem("A part of the task is empty or far too long.");
    }
  }
  if (task.evaluation_function.find("def evaluate") == std::string::npos) {
    return Problem("The <evaluation_function> part must define the function evaluate.");
  }
  task.id = task.Hash().substr(0, 16);
  return {.task = std::move(task), .problem = {}};
}

std::string RenderCodeAsTask(const CodeAsTask& task) {
  std::string text = fmt::format(
      "<instruction>{}</instruction>\n<evaluation_function>\n{}\n</evaluation_function>\n"
      "<solution>\n{}\n</solution>",
      Trim(task.instruction), task.evaluation_function, task.solution);
  for (const std::string& failure_case : task.failure_cases) {
    text += fmt::format("\n<failure_case>\n{}\n</failure_case>", failure_case);
  }
  return text;
}

ParsedAction ParseAction(std::string_view reply) {
  if (reply.find("```") != std::string_view::npos) {
    std::string code = CodeOf(reply);
    if (!code.empty()) return {.code = std::move(code), .problem = {}};
  } else if (LooksLikeCode(Trim(reply))) {
    return {.code = Dedent(reply), .problem = {}};
  }
  return {.code = std::nullopt, .problem = "The message has no Python code block."};
}

}  // namespace sca::task
