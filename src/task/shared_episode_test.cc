#include "task/shared_episode.h"

#include <gtest/gtest.h>

#include <string>

namespace sca::task {
namespace {

class SharedEpisodeTest : public testing::Test {
 protected:
  SharedEpisodeTest()
      : environment_(env::Environment::Load(env::Environment::Find("shop").value()).value()),
        shared_(*environment_, 3) {}

  std::string ErrorOf(const std::string& code) { return shared_.Run(code).value().error; }
  std::string Changes() {
    return shared_.Fresh().value()->CallTool("changes_today", "{}").value().result_json;
  }

  std::unique_ptr<env::Environment> environment_;
  SharedEpisode shared_;
};

TEST_F(SharedEpisodeTest, ForgetsVariables) {
  EXPECT_EQ(ErrorOf("left = get_order(\"A130\")"), "");
  EXPECT_NE(ErrorOf("print(left)").find("NameError"), std::string::npos);
}

TEST_F(SharedEpisodeTest, HasANewWorldOnceCodeHasWritten) {
  EXPECT_EQ(ErrorOf("cancel_order(\"A130\")"), "");
  EXPECT_TRUE(shared_.has_written());

  EXPECT_EQ(Changes(), "[]");
  EXPECT_FALSE(shared_.has_written());
}

TEST_F(SharedEpisodeTest, KeepsItsWorldWhereCodeOnlyReadsOrRaises) {
  env::Episode* episode = shared_.Fresh().value();

  EXPECT_EQ(ErrorOf("print(get_order(\"A130\"))"), "");
  EXPECT_NE(ErrorOf("get_order(\"nothing\")"), "");

  EXPECT_EQ(shared_.Fresh().value(), episode);
}

TEST_F(SharedEpisodeTest, RunsEachOfMuchCodeThatDoesNotWrite) {
  const auto results = shared_
                           .RunEach({"answer = 1", "cancel_order(\"A130\")",
                                     "answer = changes_today()", "answer = 4"})
                           .value();

  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[0]->answer_json, "1");
  EXPECT_FALSE(results[1].has_value());
  EXPECT_EQ(results[2]->answer_json, "[]");  // As if nothing had been cancelled.
  EXPECT_EQ(results[3]->answer_json, "4");
  EXPECT_TRUE(shared_.RunEach({}).value().empty());
  EXPECT_FALSE(shared_.RunEach({"import os\nos._exit(0)"}).value()[0].has_value());
}

TEST_F(SharedEpisodeTest, HasANewWorldOnceCodeDidNotEnd) {
  EXPECT_EQ(shared_.Run("print(\"x\" * 10 ** 7)").value().outcome,
            sandbox::Outcome::kOutputExceeded);

  EXPECT_EQ(ErrorOf("print(get_order(\"A130\"))"), "");
}

}  // namespace
}  // namespace sca::task
