#include "env/plain_json.h"

#include <gtest/gtest.h>

#include <string>

namespace sca::env {
namespace {

TEST(PlainJson, TakesWhatPythonWrites) {
  for (const char* text : {"5", "5.0", "null", "\"a]b\\\"[\"", "[1, {\"a\": []}]", "1e308",
                           "1180591620717411303424"}) {
    EXPECT_TRUE(IsPlainJson(text)) << text;
  }
}

TEST(PlainJson, RefusesWhatIsNotJson) {
  for (const char* text : {"", "NaN", "Infinity", "-Infinity", "1e999", "{'a': 1}", "1 2", "[1",
                           "\"\\ud800\"", "\"\xff\"", "True"}) {
    EXPECT_FALSE(IsPlainJson(text)) << text;
  }
}

TEST(PlainJson, RefusesDepthThatWouldOverflowAStack) {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');

  EXPECT_FALSE(IsPlainJson(deep));
  EXPECT_TRUE(IsPlainJson(std::string(60, '[') + std::string(60, ']')));
}

TEST(PlainJson, TellsObjectsFromOtherValues) {
  EXPECT_TRUE(IsPlainObject(R"({"item": "tea"})"));
  EXPECT_FALSE(IsPlainObject("[]"));
  EXPECT_FALSE(IsPlainObject("\"{}\""));
}

}  // namespace
}  // namespace sca::env
