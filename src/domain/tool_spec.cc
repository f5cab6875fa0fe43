#include "domain/tool_spec.h"

namespace sca {

Json ToolSpec::ToJson() const {
  return {{"type", "function"},
          {"function", {{"name", name}, {"description", description}, {"parameters", parameters}}}};
}

}  // namespace sca
