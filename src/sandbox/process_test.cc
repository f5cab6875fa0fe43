#include "sandbox/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace sca::sandbox {
namespace {

using namespace std::chrono_literals;

Deadline Soon() { return std::chrono::steady_clock::now() + 100ms; }

class ChannelTest : public testing::Test {
 protected:
  void SetUp() override {
    auto [ours, other] = Channel::MakePair().value();
    ours_ = std::move(ours);
    other_ = other;
  }
  void TearDown() override { CloseOther(); }

  void CloseOther() {
    if (other_ >= 0) ::close(other_);
    other_ = -1;
  }
  void WriteRaw(const std::string& bytes) {
    ASSERT_EQ(::write(other_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  static std::string Framed(const std::string& body) {
    const auto length = static_cast<std::uint32_t>(body.size());
    return std::string(reinterpret_cast<const char*>(&length), sizeof(length)) + body;
  }

  Channel ours_;
  int other_ = -1;
};

TEST_F(ChannelTest, CarriesObjectsBothWays) {
  Channel other(::dup(other_));

  ASSERT_TRUE(ours_.Send({{"op", "run"}, {"turn", 5}}, Soon()));
  const Frame frame = other.Receive(Soon());

  ASSERT_EQ(frame.status, FrameStatus::kFrame);
  EXPECT_EQ(frame.message, (Json{{"op", "run"}, {"turn", 5}}));
}

TEST_F(ChannelTest, IsNotHeldByAnUrgentByte) {
  ASSERT_EQ(::send(other_, "x", 1, MSG_OOB), 1);

  EXPECT_EQ(ours_.Receive(Soon()).status, FrameStatus::kTimedOut);
}

TEST_F(ChannelTest, ReadsFramesThatComeInPieces) {
  std::thread writer([this] {
    for (const char byte : Framed(R"({"a": 1})")) {
      WriteRaw(std::string(1, byte));
      std::this_thread::sleep_for(1ms);
    }
  });
  const Frame frame = ours_.Receive(std::chrono::steady_clock::now() + 10s);
  writer.join();

  EXPECT_EQ(frame.status, FrameStatus::kFrame);
}

TEST_F(ChannelTest, CallsWhatIsNoObjectNonsense) {
  for (const std::string body :
       {"", "[]", "nul", "{\"a\": NaN}", "{\"a\": \"\xff\"}", "7", "{} {}"}) {
    WriteRaw(Framed(body));
    EXPECT_EQ(ours_.Receive(Soon()).status, FrameStatus::kNonsense) << body;
  }
}

TEST_F(ChannelTest, TakesNoMemoryForALengthThatIsALie) {
  WriteRaw("\xff\xff\xff\xff");

  EXPECT_EQ(ours_.Receive(Soon()).status, FrameStatus::kNonsense);
}

TEST_F(ChannelTest, CallsDeepNestingNonsense) {
  const std::string deep = "{\"a\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  std::thread writer([&] { WriteRaw(Framed(deep)); });
  const Frame frame = ours_.Receive(std::chrono::steady_clock::now() + 10s);
  writer.join();

  EXPECT_EQ(frame.status, FrameStatus::kNonsense);
}

TEST_F(ChannelTest, TellsSilenceFromTheEnd) {
  WriteRaw("\x05");
  EXPECT_EQ(ours_.Receive(Soon()).status, FrameStatus::kTimedOut);
  CloseOther();

  EXPECT_EQ(ours_.Receive(Soon()).status, FrameStatus::kEnded);
  EXPECT_FALSE(ours_.Send(Json::object(), Soon()));
}

TEST_F(ChannelTest, IsNotHeldByOneThatDoesNotRead) {
  const std::string much(4 << 20, 'x');

  EXPECT_FALSE(ours_.Send({{"value", much}}, Soon()));
}

TEST(Ending, IsReadFromAWaitStatus) {
  const auto ending_of = [](auto body) {
    const pid_t child = ::fork();
    if (child == 0) {
      body();
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return EndingOf(status).outcome;
  };

  EXPECT_EQ(ending_of([] {}), Outcome::kProtocolError);
  EXPECT_EQ(ending_of([] { ::raise(SIGSYS); }), Outcome::kKilled);
  EXPECT_EQ(ending_of([] { ::raise(SIGKILL); }), Outcome::kOutOfMemory);
  EXPECT_EQ(ending_of([] { ::raise(SIGXCPU); }), Outcome::kTimedOut);
}

}  // namespace
}  // namespace sca::sandbox
