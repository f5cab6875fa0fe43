// Wrong answers that a verification function must tell from the right one, and which answers are so
// close to it that accepting them says nothing.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace sca::task {

struct AnswerVariant {
  Json answer;
  std::string what;  // Of the answer is wrong: "the answer", "number 2 of the answer".
};

// What answers are made of that a world knows: texts that calls gave, and numbers.
struct AnswerSource {
  std::vector<std::string> texts;  // Likeliest first.
  std::vector<Json> numbers;       // What calls gave: the price before the discount.
  bool is_estimate = false;        // The instruction asks for about so much,
  bool is_rounded = false;         // or for a rounded number.
};

// Each part of `answer` altered alone: a number by little and by much, a text by pieces of itself
// and other texts, a list by each element altered, left out or added, an object by each field.
std::vector<AnswerVariant> AnswerVariants(const Json& answer, const AnswerSource& source);

// Whether a tolerant verifier may take `other` for `right`: numbers within a few percent, texts
// that differ in case and marks or say more around it, lists in another order.
bool IsNearAnswer(const Json& right, const Json& other);

}  // namespace sca::task
