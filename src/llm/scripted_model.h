// A model that answers from a function, token for byte: for tests of what uses models.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "llm/model.h"

namespace sca::llm {

// Thread-safe if its script is.
class ScriptedModel : public Model {
 public:
  using Script = std::function<Result<std::string>(const std::vector<Message>&)>;

  explicit ScriptedModel(Script script) : script_(std::move(script)) {}

  Result<std::vector<std::unique_ptr<Session>>> OpenWave(std::size_t seats) override;
  Status SetAdapter(const std::optional<std::filesystem::path>& gguf) override;
  ModelStatistics statistics() const override { return {}; }

 private:
  Script script_;
};

}  // namespace sca::llm
