#include "env/bench_state.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/files.h"

namespace sca::env {
namespace fs = std::filesystem;
namespace {

// Time enough for the largest state on a busy machine; what is measured is never the limit.
constexpr std::string_view kSettings = R"(title = "Bench"
description = "Articles in stock."
[limits]
wall_ms = 60000
tool_ms = 60000
verify_ms = 60000
load_ms = 600000
)";

constexpr std::string_view kTools = R"py(
import json
import os
import sys

from sca import read, write


def article(index):
    return {"id": f"article {index}", "price": index + 0.5, "stock": 1000 + index,
            "shelves": [f"shelf {index % 89}", f"shelf {index % 97}"]}


def size_of(one):
    values = [*one.values(), *one["shelves"]]
    return sys.getsizeof(one) + sum(map(sys.getsizeof, values))


def load_state():
    if HEAP_BYTES == 0:
        with open(os.path.join(os.path.dirname(__file__), "data", "state.json")) as file:
            return json.load(file)
    articles, left = [], HEAP_BYTES
    while left > 0 or not articles:
        articles.append(article(len(articles)))
        left -= size_of(articles[-1])
    return {"articles": articles, "reserved": []}


@read
def price_of(state, index: int) -> float:
    """The price of an article."""
    return state["articles"][index]["price"]


@write
def reserve(state, index: int, name: str) -> int:
    """Reserves an article for somebody; how many are left."""
    state["articles"][index]["stock"] -= 1
    state["reserved"].append([index, name])
    return state["articles"][index]["stock"]
)py";

std::string StateOf(std::size_t bytes) {
  std::string text = R"({"articles": [)";
  for (std::size_t i = 0; i == 0 || text.size() < bytes; ++i) {
    text += fmt::format(
        R"({}{{"id": "article {}", "price": {}.5, "stock": {}, "shelves": ["shelf {}", "shelf {}"]}})",
        i == 0 ? "" : ", ", i, i, 1000 + i, i % 89, i % 97);
  }
  return text + R"(], "reserved": []})";
}

}  // namespace

fs::path BenchStateFile(const fs::path& folder) { return folder / "data" / "state.json"; }

Status WriteBenchEnvironment(const fs::path& folder, const BenchState& state) {
  SCA_TRY(CreateFolders(folder / "data"));
  SCA_TRY(WriteFileAtomically(folder / "environment.toml", kSettings));
  const std::size_t heap_bytes = state.kind == BenchStateKind::kHeap ? state.bytes : 0;
  SCA_TRY(WriteFileAtomically(folder / "tools.py",
                              fmt::format("HEAP_BYTES = {}\n{}", heap_bytes, kTools)));
  if (state.kind == BenchStateKind::kHeap) return {};
  return WriteFileAtomically(BenchStateFile(folder), StateOf(state.bytes));
}

}  // namespace sca::env
