// What a new task must differ from, and how alike two tasks are.

#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "domain/code_as_task.h"
#include "domain/gate_verdict.h"
#include "domain/recipe.h"
#include "env/environment.h"

namespace sca::task {

// The tool calls of a solution, in order, with their arguments as JSON text.
struct Trace {
  struct Call {
    std::string tool;
    std::string arguments_json;
    std::string result_json;

    // All strings in the arguments.
    std::set<std::string> NamesAsked() const;
    // All strings in the result, keys of objects too.
    std::vector<std::string> StringsGiven() const;
  };
  std::vector<Call> calls;
  std::string answer_json;  // Empty if there is none.

  static Trace Of(const std::vector<env::ToolCall>& calls, std::string answer_json);
  // The tools in their order: "get_price, scale".
  std::string Shape() const;
  // The tools, each once.
  std::set<std::string> Tools() const;
  // Tools and arguments: equal keys do the same things.
  std::string Key() const;

  Json ToJson() const;
  static Result<Trace> FromJson(const Json& json);
};

// The calls of a trace that write; the others leave no mark on the state.
std::vector<Trace::Call> WriteCalls(const Trace& trace, const std::vector<ToolSpec>& tools);

// Words of the instruction with numbers and the trace's literals masked, as overlapping triples.
std::vector<std::string> MaskedTriples(const CodeAsTask& task, const Trace& trace);

// Jaccard similarity of two sorted lists without repeats, in [0, 1].
double Similarity(const std::vector<std::string>& left, const std::vector<std::string>& right);

// Held-out tasks are in it only to turn away what is too close to them; their text never leaves it.
class KnownTasks {
 public:
  enum class Source { kPool, kExample, kHeldOut };

  // The environment's examples and held-out tasks, their solutions run once for their traces.
  static Result<KnownTasks> Of(const env::Environment& environment);

  void Add(const CodeAsTask& task, const Trace& trace);
  // Forgets those of one source: what a task is itself it need not differ from.
  void Forget(Source source);

 private:
  friend GateVerdict JudgeNovel(const KnownTasks& known, const CodeAsTask& task, const Trace& trace,
                                const GateSettings& settings);
  struct Entry {
    Source source = Source::kPool;
    std::string shape;
    std::string key;
    std::vector<std::string> triples;
  };
  Status AddFile(const env::Environment& environment, const std::vector<CodeAsTask>& tasks,
                 Source source);

  std::vector<Entry> entries_;
  std::map<std::string, int> pool_shapes_;
  std::map<std::string, int> pool_tools_;  // Tasks that call it, however often.
};

// The gate `novel` (gate_novel.cc). It fails for the same calls as a known task; for an instruction
// that is, names and numbers masked, like that of a held-out task or, unless
// `settings.like_examples`, of an example of the same trace shape, or like `settings.alike_max`
// others; and where the quota of its shape or of one of its tools is full.
// Where the gate is switched off, only held-out tasks count.
GateVerdict JudgeNovel(const KnownTasks& known, const CodeAsTask& task, const Trace& trace,
                       const GateSettings& settings);

}  // namespace sca::task
