#include "task/shared_episode.h"

#include <algorithm>

namespace sca::task {
namespace {

bool Writes(const env::CodeResult& result, const std::vector<ToolSpec>& tools) {
  return std::any_of(result.calls.begin(), result.calls.end(),
                     [&](const env::ToolCall& call) { return IsWriteTool(tools, call.tool); });
}

}  // namespace

Result<env::Episode*> SharedEpisode::Fresh() {
  if (has_written_ || has_ended_) episode_.reset();
  has_written_ = has_ended_ = false;
  if (episode_ == nullptr) episode_ = SCA_TRY(environment_.Start(seed_));
  return episode_.get();
}

Result<env::CodeResult> SharedEpisode::Run(std::string_view plain_code) {
  env::Episode* episode = SCA_TRY(Fresh());
  has_ended_ = true;  // Also where running it is an Error.
  env::CodeResult result = SCA_TRY(episode->RunCode(plain_code, env::Variables::kFresh));
  has_written_ = Writes(result, environment_.tools());
  has_ended_ =
      result.outcome != sandbox::Outcome::kFinished && result.outcome != sandbox::Outcome::kRaised;
  return result;
}

}  // namespace sca::task
