#include "train/model_file.h"

#include <fmt/format.h>

#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <set>

#include "train/gguf_pointers.h"

namespace sca::train {
namespace {

struct TensorPlace {
  ggml_type type = GGML_TYPE_F32;
  std::int64_t columns = 0;
  std::int64_t rows = 1;
  std::uint64_t offset = 0;
  std::size_t bytes = 0;
};

// Typed access to metadata; gguf itself aborts on a wrong type.
class Metadata {
 public:
  explicit Metadata(const gguf_context* context) : context_(context) {}

  std::optional<std::int64_t> Integer(const std::string& key) const {
    const std::int64_t id = gguf_find_key(context_, key.c_str());
    if (id < 0) return std::nullopt;
    switch (gguf_get_kv_type(context_, id)) {
      case GGUF_TYPE_UINT32:
        return gguf_get_val_u32(context_, id);
      case GGUF_TYPE_INT32:
        return gguf_get_val_i32(context_, id);
      case GGUF_TYPE_UINT64: {
        const std::uint64_t value = gguf_get_val_u64(context_, id);
        if (value > INT32_MAX) return std::nullopt;
        return static_cast<std::int64_t>(value);
      }
      default:
        return std::nullopt;
    }
  }
  std::optional<float> Float(const std::string& key) const {
    const std::int64_t id = gguf_find_key(context_, key.c_str());
    if (id < 0 || gguf_get_kv_type(context_, id) != GGUF_TYPE_FLOAT32) return std::nullopt;
    return gguf_get_val_f32(context_, id);
  }
  std::optional<std::string> Text(const std::string& key) const {
    const std::int64_t id = gguf_find_key(context_, key.c_str());
    if (id < 0 || gguf_get_kv_type(context_, id) != GGUF_TYPE_STRING) return std::nullopt;
    return std::string(gguf_get_val_str(context_, id));
  }

 private:
  const gguf_context* context_;
};

class GgufModelFile : public ModelFile {
 public:
  GgufModelFile(std::filesystem::path path, ModelShape shape,
                std::map<std::string, TensorPlace> tensors)
      : path_(std::move(path)), shape_(std::move(shape)), tensors_(std::move(tensors)) {}

  const ModelShape& shape() const override { return shape_; }
  bool HasTensor(const std::string& name) const override { return tensors_.contains(name); }

  Status ReadFloats(const std::string& name, float* destination) const override {
    const TensorPlace place = SCA_TRY(Find(name));
    return Expand(name, place, destination);
  }

  Status ReadBfloat16(const std::string& name, std::uint16_t* destination) const override {
    const TensorPlace place = SCA_TRY(Find(name));
    if (place.type == GGML_TYPE_BF16) {
      return ReadBytes(name, place, reinterpret_cast<char*>(destination));
    }
    std::vector<float> floats(static_cast<std::size_t>(place.rows * place.columns));
    SCA_TRY(Expand(name, place, floats.data()));
    ggml_fp32_to_bf16_row_ref(floats.data(), reinterpret_cast<ggml_bf16_t*>(destination),
                              place.rows * place.columns);
    return {};
  }

 private:
  Result<TensorPlace> Find(const std::string& name) const {
    const auto found = tensors_.find(name);
    if (found != tensors_.end()) return found->second;
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} has no tensor \"{}\".", path_.string(), name)};
  }

  Status ReadBytes(const std::string& name, const TensorPlace& place, char* destination) const {
    std::ifstream file(path_, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(place.offset));
    file.read(destination, static_cast<std::streamsize>(place.bytes));
    if (file) return {};
    return Error{ErrorCode::kDataLoss,
                 fmt::format("Cannot read tensor \"{}\" of {}.", name, path_.string())};
  }

  Status Expand(const std::string& name, const TensorPlace& place, float* destination) const {
    if (place.type == GGML_TYPE_F32) {
      return ReadBytes(name, place, reinterpret_cast<char*>(destination));
    }
    std::vector<char> bytes(place.bytes);
    SCA_TRY(ReadBytes(name, place, bytes.data()));
    ggml_get_type_traits(place.type)
        ->to_float(bytes.data(), destination, place.rows * place.columns);
    return {};
  }

  std::filesystem::path path_;
  ModelShape shape_;
  std::map<std::string, TensorPlace> tensors_;
};

Result<std::map<std::string, TensorPlace>> ReadPlaces(const gguf_context* context,
                                                      const std::string& name,
                                                      std::uint64_t file_bytes) {
  std::map<std::string, TensorPlace> places;
  for (std::int64_t id = 0; id < gguf_get_n_tensors(context); ++id) {
    const std::int64_t* sizes = gguf_get_tensor_ne(context, id);
    TensorPlace place;
    place.type = gguf_get_tensor_type(context, id);
    place.columns = sizes[0];
    place.rows = sizes[1] * sizes[2] * sizes[3];
    place.offset = gguf_get_data_offset(context) + gguf_get_tensor_offset(context, id);
    place.bytes = gguf_get_tensor_size(context, id);
    const char* tensor = gguf_get_tensor_name(context, id);
    if (place.offset > file_bytes || place.bytes > file_bytes - place.offset) {
      return Error{ErrorCode::kDataLoss,
                   fmt::format("{} is cut off: tensor \"{}\" should end at byte {}, the file has "
                               "{}. Fetch it again.",
                               name, tensor, place.offset + place.bytes, file_bytes)};
    }
    if (place.type != GGML_TYPE_F32 && ggml_get_type_traits(place.type)->to_float == nullptr) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("Tensor \"{}\" of {} has type {}, which cannot be expanded.", tensor,
                               name, ggml_type_name(place.type))};
    }
    places[tensor] = place;
  }
  return places;
}

Result<ModelShape> ReadShape(const Metadata& metadata, const std::string& name) {
  ModelShape shape;
  shape.architecture = metadata.Text("general.architecture").value_or("");
  if (shape.architecture != "llama" && shape.architecture != "qwen2") {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} is of architecture \"{}\"; the trainer knows \"llama\" and "
                             "\"qwen2\".",
                             name, shape.architecture)};
  }
  const std::string prefix = shape.architecture + ".";
  std::string missing;
  const auto need = [&](const std::string& key) {
    const std::optional<std::int64_t> value = metadata.Integer(prefix + key);
    if (!value || *value <= 0 || *value > (std::int64_t{1} << 24)) {
      missing = prefix + key;
      return 1;
    }
    return static_cast<int>(*value);
  };
  shape.layers = need("block_count");
  shape.width = need("embedding_length");
  shape.feed_forward = need("feed_forward_length");
  shape.heads = need("attention.head_count");
  shape.context_max = need("context_length");
  const auto optional_size = [&](const std::string& key, int fallback) {
    return metadata.Integer(prefix + key) ? need(key) : fallback;
  };
  shape.key_value_heads = optional_size("attention.head_count_kv", shape.heads);
  shape.head_width = optional_size("attention.key_length", shape.width / shape.heads);
  shape.norm_epsilon = metadata.Float(prefix + "attention.layer_norm_rms_epsilon").value_or(0);
  if (shape.norm_epsilon <= 0) missing = prefix + "attention.layer_norm_rms_epsilon";
  shape.rope_base = metadata.Float(prefix + "rope.freq_base").value_or(10000);
  shape.rope_by_halves = shape.architecture == "qwen2";
  if (!missing.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} lacks a usable value of \"{}\".", name, missing)};
  }
  if (shape.heads % shape.key_value_heads != 0 || shape.head_width % 2 != 0 ||
      optional_size("rope.dimension_count", shape.head_width) != shape.head_width ||
      optional_size("attention.value_length", shape.head_width) != shape.head_width ||
      metadata.Integer(prefix + "expert_count").value_or(0) > 0 ||
      metadata.Text(prefix + "rope.scaling.type").value_or("none") != "none") {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} is a variant of \"{}\" (partial or scaled rotary positions, "
                             "experts, uneven heads) that the trainer does not know.",
                             name, shape.architecture)};
  }
  return shape;
}

struct Expected {
  std::int64_t columns = 0;
  std::int64_t rows = 1;
  bool required = true;
};

std::map<std::string, Expected> ExpectedTensors(const ModelShape& shape) {
  std::map<std::string, Expected> tensors;
  tensors["token_embd.weight"] = {shape.width, shape.vocabulary};
  tensors["output.weight"] = {shape.width, shape.vocabulary, false};
  tensors["output_norm.weight"] = {shape.width};
  tensors["rope_freqs.weight"] = {shape.head_width / 2, 1, false};
  for (int layer = 0; layer < shape.layers; ++layer) {
    const std::string prefix = fmt::format("blk.{}.", layer);
    tensors[prefix + "attn_norm.weight"] = {shape.width};
    tensors[prefix + "ffn_norm.weight"] = {shape.width};
    for (const Projection& projection : ProjectionsOf(shape)) {
      tensors[prefix + projection.tensor + ".weight"] = {projection.inputs, projection.outputs};
      tensors[prefix + projection.tensor + ".bias"] = {projection.outputs, 1, false};
    }
  }
  return tensors;
}

Status CheckTensors(const std::map<std::string, TensorPlace>& places, const ModelShape& shape,
                    const std::string& name) {
  const std::map<std::string, Expected> expected = ExpectedTensors(shape);
  for (const auto& [tensor, place] : places) {
    if (!expected.contains(tensor)) {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("{} has a tensor \"{}\" that the trainer does not know.", name, tensor)};
    }
  }
  for (const auto& [tensor, want] : expected) {
    const auto found = places.find(tensor);
    if (found == places.end()) {
      if (!want.required) continue;
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{} lacks tensor \"{}\".", name, tensor)};
    }
    if (found->second.columns != want.columns || found->second.rows != want.rows) {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("Tensor \"{}\" of {} is {} x {}; its metadata asks for {} x {}.", tensor,
                      name, found->second.rows, found->second.columns, want.rows, want.columns)};
    }
  }
  return {};
}

}  // namespace

std::vector<Projection> ProjectionsOf(const ModelShape& shape) {
  const int query = shape.heads * shape.head_width;
  const int key_value = shape.key_value_heads * shape.head_width;
  return {{"q_proj", "attn_q", shape.width, query},
          {"k_proj", "attn_k", shape.width, key_value},
          {"v_proj", "attn_v", shape.width, key_value},
          {"o_proj", "attn_output", query, shape.width},
          {"gate_proj", "ffn_gate", shape.width, shape.feed_forward},
          {"up_proj", "ffn_up", shape.width, shape.feed_forward},
          {"down_proj", "ffn_down", shape.feed_forward, shape.width}};
}

Result<std::unique_ptr<ModelFile>> ModelFile::Open(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    return Error{ErrorCode::kNotFound, fmt::format("There is no model file {}.", path.string())};
  }
  const std::uint64_t file_bytes = std::filesystem::file_size(path, ignored);
  const Gguf context(gguf_init_from_file(path.c_str(), {.no_alloc = true, .ctx = nullptr}));
  if (context == nullptr) {
    return Error{ErrorCode::kDataLoss,
                 fmt::format("{} is not a whole GGUF file. Fetch it again.", path.string())};
  }
  ModelShape shape = SCA_TRY(ReadShape(Metadata(context.get()), path.string()));
  std::map<std::string, TensorPlace> places =
      SCA_TRY(ReadPlaces(context.get(), path.string(), file_bytes));
  if (const auto embedding = places.find("token_embd.weight"); embedding != places.end()) {
    shape.vocabulary = static_cast<int>(embedding->second.rows);
  }
  SCA_TRY(CheckTensors(places, shape, path.string()));
  return std::unique_ptr<ModelFile>(
      std::make_unique<GgufModelFile>(path, std::move(shape), std::move(places)));
}

}  // namespace sca::train
