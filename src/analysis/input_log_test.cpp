#include "analysis/input_log.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>

namespace vt::analysis {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'700'006'400'000);  // a whole hour

std::uint64_t of(const InputLog& log, Frame frame) { return log.firsts()[static_cast<std::size_t>(frame)]; }

/// An input in each minute but those of the holes, and what a plain look at all of them says.
struct Minutes {
    void run(int count) {
        for (int i = 0; i < count; ++i) {
            for (int second = 0; second < 60; ++second, u += kSecond) {
                if (second == 30) {
                    log.note(u, ++sequence);
                    noted[u] = sequence;
                }
                log.close_second(u + kSecond);
            }
        }
    }
    void skip(int count) {
        log.skip_minutes(u, u + minutes{count} - kSecond);
        u += minutes{count} - kSecond;
        log.close_second(u += kSecond);  // the evaluation that ends the hole
    }
    void check() const {
        for (const auto& [frame, length] :
             {std::pair{Frame::m1, 1}, std::pair{Frame::m5, 5}, std::pair{Frame::m30, 30}, std::pair{Frame::h1, 60},
              std::pair{Frame::h4, 240}}) {
            const auto first = noted.lower_bound(u - minutes{length});
            EXPECT_EQ(of(log, frame), first == noted.end() ? 0 : first->second) << length;
        }
    }
    InputLog log;
    Timestamp u = kStart;
    std::uint64_t sequence = 100;
    std::map<Timestamp, std::uint64_t> noted;
};

TEST(InputLog, SaysWhereEachWindowBegins) {
    Minutes past;
    past.check();
    for (int i = 0; i < 5; ++i) {
        past.run(61);
        past.check();
    }
}

TEST(InputLog, AfterAHoleNoWindowReachesFurtherBack) {
    for (const int hole : {1, 7, 29, 30, 31, 100, 239, 240, 241, 5000}) {
        Minutes past;
        past.run(250);
        past.skip(hole);
        past.check();
        past.run(3);
        past.check();
    }
}

TEST(InputLog, AHoleWithinAMinuteKeepsWhatWasNotedInIt) {
    InputLog log;
    for (int i = 1; i <= 20; ++i) {
        log.note(kStart + seconds{i - 1}, 7);
        log.close_second(kStart + seconds{i});
    }
    log.skip_minutes(kStart + seconds{20}, kStart + seconds{130});
    for (int i = 131; i <= 180; ++i) log.close_second(kStart + seconds{i});
    EXPECT_EQ(of(log, Frame::m30), 7U);
    EXPECT_EQ(of(log, Frame::m1), 0U);
}

}  // namespace
}  // namespace vt::analysis
