#include "train/adapter_file.h"

#include <fmt/format.h>

#include <cstring>
#include <string>

#include "base/check.h"
#include "base/files.h"
#include "train/gguf_pointers.h"

namespace sca::train {
namespace {

struct Matrix {
  std::string name;
  std::size_t offset = 0;
  std::int64_t columns = 0;
  std::int64_t rows = 0;

  std::size_t bytes() const { return static_cast<std::size_t>(columns * rows) * sizeof(float); }
};

std::vector<Matrix> MatricesOf(const LoraLayout& layout) {
  std::vector<Matrix> matrices;
  for (const LoraModule& module : layout.modules()) {
    matrices.push_back({module.tensor + ".lora_a", module.a, module.inputs, layout.rank()});
    matrices.push_back({module.tensor + ".lora_b", module.b, layout.rank(), module.outputs});
  }
  return matrices;
}

std::string TextOf(const gguf_context* context, const char* key) {
  const std::int64_t id = gguf_find_key(context, key);
  if (id < 0 || gguf_get_kv_type(context, id) != GGUF_TYPE_STRING) return "";
  return gguf_get_val_str(context, id);
}

Result<Gguf> Parse(const std::string& content, const std::string& name) {
  Gguf file(
      gguf_init_from_buffer(content.data(), content.size(), {.no_alloc = true, .ctx = nullptr}));
  if (file == nullptr) {
    return Error{ErrorCode::kDataLoss, fmt::format("{} is not a whole GGUF file.", name)};
  }
  if (TextOf(file.get(), "general.type") != "adapter" ||
      TextOf(file.get(), "adapter.type") != "lora") {
    return Error{ErrorCode::kInvalidArgument, fmt::format("{} is not a LoRA adapter.", name)};
  }
  return file;
}

Status CheckMetadata(const gguf_context* context, const std::string& name, const ModelShape& shape,
                     const LoraLayout& layout) {
  const std::string architecture = TextOf(context, "general.architecture");
  if (architecture != shape.architecture) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} is for architecture \"{}\", the model is \"{}\".", name,
                             architecture, shape.architecture)};
  }
  const std::int64_t id = gguf_find_key(context, "adapter.lora.alpha");
  if (id < 0 || gguf_get_kv_type(context, id) != GGUF_TYPE_FLOAT32 ||
      gguf_get_val_f32(context, id) != static_cast<float>(layout.alpha())) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} has another alpha than lora.alpha = {}.", name, layout.alpha())};
  }
  return {};
}

}  // namespace

Status WriteAdapter(const std::filesystem::path& path, const ModelShape& shape,
                    const LoraLayout& layout, std::span<const float> parameters) {
  SCA_CHECK(parameters.size() == layout.parameters());
  const std::vector<Matrix> matrices = MatricesOf(layout);
  const Gguf file(gguf_init_empty());
  gguf_set_val_str(file.get(), "general.type", "adapter");
  gguf_set_val_str(file.get(), "general.architecture", shape.architecture.c_str());
  gguf_set_val_str(file.get(), "adapter.type", "lora");
  gguf_set_val_f32(file.get(), "adapter.lora.alpha", static_cast<float>(layout.alpha()));
  const Ggml tensors(ggml_init({.mem_size = ggml_tensor_overhead() * (matrices.size() + 1),
                                .mem_buffer = nullptr,
                                .no_alloc = true}));
  for (const Matrix& matrix : matrices) {
    ggml_tensor* tensor =
        ggml_new_tensor_2d(tensors.get(), GGML_TYPE_F32, matrix.columns, matrix.rows);
    ggml_set_name(tensor, matrix.name.c_str());
    gguf_add_tensor(file.get(), tensor);
  }
  std::string content(gguf_get_meta_size(file.get()), '\0');
  gguf_get_meta_data(file.get(), content.data());
  const std::size_t start = content.size();
  for (std::size_t index = 0; index < matrices.size(); ++index) {
    const Matrix& matrix = matrices[index];
    content.resize(start + gguf_get_tensor_offset(file.get(), static_cast<std::int64_t>(index)));
    content.append(reinterpret_cast<const char*>(parameters.data() + matrix.offset),
                   matrix.bytes());
  }
  const std::size_t alignment = gguf_get_alignment(file.get());
  content.resize((content.size() + alignment - 1) / alignment * alignment);
  return WriteFileAtomically(path, content);
}

Result<std::vector<float>> ReadAdapter(const std::filesystem::path& path, const ModelShape& shape,
                                       const LoraLayout& layout) {
  const std::string name = path.string();
  const std::string content = SCA_TRY(ReadFile(path));
  const Gguf file = SCA_TRY(Parse(content, name));
  SCA_TRY(CheckMetadata(file.get(), name, shape, layout));
  const std::vector<Matrix> matrices = MatricesOf(layout);
  if (gguf_get_n_tensors(file.get()) != static_cast<std::int64_t>(matrices.size())) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} adapts other modules than lora.target_modules asks for.", name)};
  }
  std::vector<float> parameters(layout.parameters());
  for (const Matrix& matrix : matrices) {
    const std::int64_t id = gguf_find_tensor(file.get(), matrix.name.c_str());
    if (id < 0 || gguf_get_tensor_type(file.get(), id) != GGML_TYPE_F32 ||
        gguf_get_tensor_ne(file.get(), id)[0] != matrix.columns ||
        gguf_get_tensor_ne(file.get(), id)[1] != matrix.rows) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{} has no float32 tensor \"{}\" of {} x {}: it is of another model "
                               "or another lora.rank.",
                               name, matrix.name, matrix.rows, matrix.columns)};
    }
    const std::size_t offset =
        gguf_get_data_offset(file.get()) + gguf_get_tensor_offset(file.get(), id);
    if (offset > content.size() || matrix.bytes() > content.size() - offset) {
      return Error{ErrorCode::kDataLoss, fmt::format("{} is cut off.", name)};
    }
    std::memcpy(parameters.data() + matrix.offset, content.data() + offset, matrix.bytes());
  }
  return parameters;
}

Result<LoraOptions> ReadAdapterOptions(const std::filesystem::path& path) {
  const std::string name = path.string();
  const std::string content = SCA_TRY(ReadFile(path));
  const Gguf file = SCA_TRY(Parse(content, name));
  const std::int64_t alpha = gguf_find_key(file.get(), "adapter.lora.alpha");
  LoraOptions options;
  options.target_modules.clear();
  for (const Projection& projection : ProjectionsOf({})) {
    const std::string tensor = fmt::format("blk.0.{}.weight.lora_a", projection.tensor);
    const std::int64_t id = gguf_find_tensor(file.get(), tensor.c_str());
    if (id < 0) continue;
    options.rank = static_cast<int>(gguf_get_tensor_ne(file.get(), id)[1]);
    options.target_modules.push_back(projection.module);
  }
  if (alpha < 0 || gguf_get_kv_type(file.get(), alpha) != GGUF_TYPE_FLOAT32 ||
      options.target_modules.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} says no alpha, or adapts no module that we know.", name)};
  }
  options.alpha = gguf_get_val_f32(file.get(), alpha);
  return options;
}

}  // namespace sca::train
