#include "cache/zone_rule.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

namespace vt::cache {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// The C library's opinion of a zone, for as long as this lives: a reference that shares nothing with ours.
class SystemZone {
public:
    explicit SystemZone(const std::string& zone) {
        if (const char* before = std::getenv("TZ")) before_ = before;
        ::setenv("TZ", zone.c_str(), 1);
        ::tzset();
    }
    ~SystemZone() {
        before_.empty() ? ::unsetenv("TZ") : ::setenv("TZ", before_.c_str(), 1);
        ::tzset();
    }
    SystemZone(const SystemZone&) = delete;
    SystemZone& operator=(const SystemZone&) = delete;

    [[nodiscard]] static seconds offset_at(Timestamp at) {
        const std::time_t time = std::chrono::floor<seconds>(at).time_since_epoch().count();
        std::tm parts{};
        ::localtime_r(&time, &parts);
        return seconds{parts.tm_gmtoff};
    }

private:
    std::string before_;
};

}  // namespace

TEST(ZoneRule, SaysWhatTheCLibrarySays) {
    const Timestamp begin{std::chrono::sys_days(std::chrono::year{2026} / 1 / 1)};
    const Timestamp end{std::chrono::sys_days(std::chrono::year{2031} / 1 / 1)};
    for (const std::string rule : {"EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3",
                                   "AEST-10AEDT,M10.1.0,M4.1.0/3", "UTC0", "IST-1GMT0,M10.5.0,M3.5.0/1",
                                   "<+0330>-3:30", "NST3:30NDT,M3.2.0,M11.1.0", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
                                   "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "EET-2EEST,M3.4.4/50,M10.4.4/50"}) {
        const auto parsed = ZoneRule::parse(rule);
        ASSERT_TRUE(parsed) << parsed.error().what;
        const SystemZone system(rule);
        for (Timestamp at = begin; at < end; at += minutes{30}) {
            ASSERT_EQ(parsed->offset_at(at), SystemZone::offset_at(at)) << rule << " " << to_ms(at);
            ASSERT_EQ(parsed->offset_at(at - Nanos{1}), SystemZone::offset_at(at - Nanos{1})) << rule;
        }
    }
}

TEST(ZoneRule, NamesAreLookedUpInTheZoneFiles) {
    if (!std::filesystem::exists("/usr/share/zoneinfo/Europe/Berlin"))
        GTEST_SKIP() << "no zone files: install tzdata";
    const Timestamp july{std::chrono::sys_days(std::chrono::year{2026} / 7 / 1)};
    EXPECT_EQ(ZoneRule::named("Europe/Berlin")->offset_at(july), hours{2});
    EXPECT_EQ(ZoneRule::named("America/New_York")->offset_at(july), hours{-4});
    EXPECT_EQ(ZoneRule::named("Asia/Tokyo")->offset_at(july), hours{9});
}

TEST(ZoneRule, NewYorkIsKnownWithoutZoneFiles) {
    const Timestamp january{std::chrono::sys_days(std::chrono::year{2026} / 1 / 1)};
    EXPECT_EQ(ZoneRule::named("America/New_York", "/nowhere")->offset_at(january), hours{-5});
    const auto missing = ZoneRule::named("Europe/Berlin", "/nowhere");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().what.find("install tzdata"), std::string::npos) << missing.error().what;
    for (const char* name : {"", "/etc/passwd", "../../../etc/passwd", "Europe"}) EXPECT_FALSE(ZoneRule::named(name));
}

TEST(ZoneRule, RefusesWhatIsNone) {
    for (const char* text :
         {"", "EST", "5", "EST5EDT", "EST25", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
          "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J60,J300", "EST5EDT,M3.2.0,M11.1.0/", "EST5EDT,M3.2.0,M11.1.0/168",
          "EST5:60", "EST5:00:00:00", "<>5", "<A5", "EST5EDT4x,M3.2.0,M11.1.0", "EST5EDT,M3.2,M11.1.0",
          "EST5EDT,M3.2.0.1,M11.1.0"})
        EXPECT_FALSE(ZoneRule::parse(text)) << text;
}

}  // namespace vt::cache
