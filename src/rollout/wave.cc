#include "rollout/wave.h"

#include <memory>
#include <thread>
#include <vector>

namespace sca::rollout {

Status PlayWave(llm::Model& model, std::size_t count, Progress& progress,
                const std::function<void(std::size_t, llm::Session&)>& play) {
  std::vector<std::unique_ptr<llm::Session>> sessions = SCA_TRY(model.OpenWave(count));
  std::vector<std::jthread> threads;
  threads.reserve(count);
  for (std::size_t index = 0; index < count; ++index) {
    threads.emplace_back([&, index] {
      play(index, *sessions[index]);
      sessions[index].reset();  // Leaves the wave, so that the others need not wait for it.
      progress.Advance(1);
    });
  }
  return {};  // The threads are joined here.
}

}  // namespace sca::rollout
