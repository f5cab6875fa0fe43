#include "task/shared_episode.h"

#include <algorithm>
#include <utility>

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
  has_ended_ = !result.ended();
  return result;
}

Result<std::vector<std::optional<env::CodeResult>>> SharedEpisode::RunEach(
    std::vector<std::string> plain_codes) {
  std::vector<std::optional<env::CodeResult>> all(plain_codes.size());
  for (std::size_t begin = 0; !plain_codes.empty();) {
    env::Episode* episode = SCA_TRY(Fresh());
    std::vector<env::CodeResult> results = SCA_TRY(episode->RunEach(plain_codes));
    if (results.empty()) break;
    plain_codes.erase(plain_codes.begin(),
                      plain_codes.begin() + static_cast<std::ptrdiff_t>(results.size()));
    for (env::CodeResult& result : results) {
      // What ends otherwise may do so for what the codes before it left of the memory.
      if (result.ended() && !Writes(result, environment_.tools())) all[begin] = std::move(result);
      ++begin;
    }
  }
  return all;
}

}  // namespace sca::task
