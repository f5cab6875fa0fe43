#include "sandbox/isolation.h"

namespace sca::sandbox {

std::string_view IsolationLevelName(IsolationLevel level) {
  switch (level) {
    case IsolationLevel::kUnconfined:
      return "unconfined";
    case IsolationLevel::kSeccomp:
      return "seccomp";
    case IsolationLevel::kLandlock:
      return "seccomp and Landlock";
    case IsolationLevel::kNamespaces:
      return "namespaces, seccomp and Landlock";
  }
  return "unconfined";
}

Json Isolation::ToJson() const {
  return {{"level", static_cast<int>(level)},
          {"name", IsolationLevelName(level)},
          {"landlock_abi", landlock_abi},
          {"measures", measures},
          {"missing", missing}};
}

Result<Isolation> Isolation::FromJson(const Json& json) {
  Isolation isolation;
  const auto level = SCA_TRY(GetInteger(json, "level"));
  if (level < 0 || level > 3) {
    return Error{ErrorCode::kDataLoss, "An isolation level must be from 0 to 3."};
  }
  isolation.level = static_cast<IsolationLevel>(level);
  isolation.landlock_abi = static_cast<int>(SCA_TRY(GetInteger(json, "landlock_abi")));
  isolation.measures = SCA_TRY(GetStrings(json, "measures"));
  isolation.missing = SCA_TRY(GetStrings(json, "missing"));
  return isolation;
}

}  // namespace sca::sandbox
