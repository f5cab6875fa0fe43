// Result<T>: a value or the Error that says why there is none.
//
// For failures of the surroundings (a file is missing, a model cannot load). What a program of a
// model does (a timeout, a wrong answer) is data, not an Error; a broken precondition is SCA_CHECK.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"

namespace sca {

enum class ErrorCode {
  kInvalidArgument,  // The caller's input is malformed: a recipe, a file, a flag.
  kNotFound,
  kAlreadyExists,
  kFailedPrecondition,  // The thing exists but is not in a state that allows this.
  kDataLoss,            // Stored bytes are damaged or truncated.
  kOutOfSpace,
  kUnavailable,  // Not built in, or a process or server does not answer.
  kCancelled,
  kInternal,
};

std::string_view ErrorCodeName(ErrorCode code);

// `message` is a sentence that names the thing and, where there is one, the remedy.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  using Value = T;

  Result(T value) : content_(std::move(value)) {}      // NOLINT: implicit on purpose.
  Result(Error error) : content_(std::move(error)) {}  // NOLINT

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  // Each needs ok(), or !ok() for error().
  T& value() & { return Checked(); }
  const T& value() const& { return const_cast<Result*>(this)->Checked(); }
  T&& value() && { return std::move(Checked()); }
  T& operator*() & { return Checked(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &Checked(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    SCA_CHECK(!ok());
    return std::get<Error>(content_);
  }

 private:
  T& Checked() {
    if (!ok()) CheckFailed(__FILE__, __LINE__, std::get<Error>(content_).message.c_str());
    return std::get<T>(content_);
  }

  std::variant<T, Error> content_;
};

// Success without a value.
struct Done {};

class [[nodiscard]] Status : public Result<Done> {
 public:
  Status() : Result<Done>(Done{}) {}
  Status(Error error) : Result<Done>(std::move(error)) {}           // NOLINT
  Status(Result<Done> result) : Result<Done>(std::move(result)) {}  // NOLINT
};

// The same error, with what was being done in front: "while loading x: file not found".
Error WithContext(Error error, std::string_view context);

}  // namespace sca

// Gives the value of a Result, or returns its Error from the enclosing function. The counter makes
// one SCA_TRY within another possible.
#define SCA_TRY(expression) SCA_TRY_NAMED(SCA_TRY_JOIN(sca_try_result_, __COUNTER__), expression)
#define SCA_TRY_NAMED(result, expression)                  \
  __extension__({                                          \
    auto result = (expression);                            \
    if (!result.ok()) return ::sca::Error(result.error()); \
    std::move(result).value();                             \
  })
#define SCA_TRY_JOIN(left, right) SCA_TRY_JOIN_EXPANDED(left, right)
#define SCA_TRY_JOIN_EXPANDED(left, right) left##right
