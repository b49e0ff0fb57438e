#include "base/prng.hpp"
#include "exchange/access/site_access.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <set>

namespace vt::exchange::access {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kStart = from_ms(1'700'000'000'000);

struct Served {
    int status = 200;
    std::string body = "{}";
    std::string headers;
};

/// A venue that counts as its documentation says, by its own clock, and bans who goes on asking. An independent
/// count: nothing here is shared with the code under test.
class Venue {
public:
    Venue(Site site, Nanos clock_ahead) : site_(site), clock_ahead_(clock_ahead) {}

    Served serve(const HttpGet& get, Timestamp now) {
        if (now < banned_until_) {
            if (site_ != Site::bybit) banned_until_ = std::max(banned_until_, now + minutes{2});
            return refusal(now);
        }
        ++requests;
        return site_ == Site::bybit ? serve_bybit(now) : serve_binance(get, now);
    }
    /// Somebody else at our address.
    void used_by_others(std::uint32_t weight, Timestamp now) {
        turn_minute(now);
        used_ += weight;
    }
    /// The venue refuses us although we kept its limits: its right.
    void ban(Nanos span, Timestamp now) { banned_until_ = now + span; }
    [[nodiscard]] Timestamp banned_until() const { return banned_until_; }

    std::uint64_t requests = 0;
    std::uint64_t limit_breaks = 0;  ///< a published limit was exceeded
    std::uint32_t worst = 0;         ///< the most ever counted against the limit

private:
    [[nodiscard]] std::string date(Timestamp now) const {
        const auto at = std::chrono::floor<seconds>(now + clock_ahead_);
        const auto day = std::chrono::floor<std::chrono::days>(at);
        const std::chrono::year_month_day ymd(day);
        const std::chrono::hh_mm_ss time(at - day);
        const std::string months = "JanFebMarAprMayJunJulAugSepOctNovDec";
        char text[40];
        std::snprintf(text, sizeof(text), "Mon, %02u %s %d %02d:%02d:%02d GMT", static_cast<unsigned>(ymd.day()),
                      months.substr(3 * (static_cast<unsigned>(ymd.month()) - 1), 3).c_str(),
                      static_cast<int>(ymd.year()), static_cast<int>(time.hours().count()),
                      static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
        return text;
    }
    Served refusal(Timestamp now) {
        if (site_ == Site::bybit) return {.status = 403, .body = "access too frequent", .headers = {}};
        const std::int64_t until = to_ms(banned_until_ + clock_ahead_);
        return {.status = 418,
                .body = R"({"code":-1003,"msg":"banned until )" + std::to_string(until) + R"("})",
                .headers = "date: " + date(now) + "\n"};
    }
    Served serve_bybit(Timestamp now) {
        recent_.push_back(now);
        while (recent_.front() <= now - seconds{5}) recent_.pop_front();
        worst = std::max(worst, static_cast<std::uint32_t>(recent_.size()));
        if (recent_.size() <= 600) return {};
        ++limit_breaks;
        banned_until_ = now + minutes{10};
        return refusal(now);
    }
    void turn_minute(Timestamp now) {
        const Timestamp minute = floor_to(now + clock_ahead_, minutes{1});
        if (minute != minute_) used_ = 0;
        minute_ = minute;
    }
    Served serve_binance(const HttpGet& get, Timestamp now) {
        turn_minute(now);
        used_ += get.weight;
        worst = std::max(worst, used_);
        const std::string headers = "x-mbx-used-weight-1m: " + std::to_string(used_) + "\ndate: " + date(now) + "\n";
        if (used_ <= 2400) return {.headers = headers};
        ++limit_breaks;
        const Nanos rest = minute_ + minutes{1} - (now + clock_ahead_);
        banned_until_ = now + rest;
        return {.status = 429,
                .body = R"({"code":-1003,"msg":"Too many requests"})",
                .headers = headers + "retry-after: " + std::to_string(rest / seconds{1} + 1) + "\n"};
    }

    Site site_;
    Nanos clock_ahead_;
    std::deque<Timestamp> recent_;
    Timestamp minute_;
    std::uint32_t used_ = 0;
    Timestamp banned_until_;
};

/// Askers, a SiteAccess for each process at our address (they know nothing of each other), a network that takes its
/// time, and the venue.
class Simulation {
public:
    Simulation(Site site, std::uint64_t seed, Nanos clock_ahead, const std::vector<double>& shares = {kPlannedShare})
        : venue(site, clock_ahead), site_(site), prng_(seed, "access simulation") {
        const std::size_t waiting_max = shares.size() > 1 ? 40 : AccessParams{}.waiting_max;
        for (const double share : shares)
            processes_.emplace_back(site, AccessParams{.share = share, .waiting_max = waiting_max});
        served.resize(shares.size());
        told_until_.resize(shares.size());
    }

    void ask(std::string target, Priority priority, std::uint32_t weight, std::size_t process = 0) {
        asked += processes_[process]
                     .ask({.request = RequestId{++last_id_},
                           .site = site_,
                           .target = std::move(target),
                           .not_before = {},
                           .priority = priority,
                           .weight = weight})
                     .empty();
    }
    void run_until(Timestamp end) {
        for (;;) {
            std::optional<Timestamp> look_at;
            bool is_sent = false;
            for (std::size_t process = 0; process < processes_.size(); ++process) {
                const NextStep step = processes_[process].next(now);
                if (step.send) send(*step.send, process);
                is_sent = is_sent || step.send;
                if (step.look_at) look_at = std::min(*step.look_at, look_at.value_or(*step.look_at));
            }
            if (is_sent) continue;
            Timestamp then = end;
            if (look_at) then = std::min(then, *look_at);
            if (!on_the_way_.empty()) then = std::min(then, on_the_way_.begin()->first);
            now = std::max(now, then);
            if (!on_the_way_.empty() && on_the_way_.begin()->first <= now) arrive();
            if (now >= end && !(look_at && *look_at <= now)) return;
        }
    }
    [[nodiscard]] bool chance(double probability) { return prng_.uniform() < probability; }
    [[nodiscard]] std::uint32_t below(std::uint32_t count) {
        return static_cast<std::uint32_t>(prng_.uniform() * static_cast<double>(count));
    }

    Venue venue;
    std::uint32_t slowest_ms = 150;  ///< one way, about
    Timestamp now = kStart;
    std::uint64_t asked = 0;
    std::uint64_t answered = 0;
    std::uint64_t sent_during_ban = 0;  ///< although an answer had said so
    std::vector<std::uint64_t> served;  ///< requests answered well, by process
    std::optional<Timestamp> last_answer_at;

private:
    struct OnTheWay {
        HttpGet get;
        std::size_t process = 0;
        bool is_reply = false;
        Served served;
        Timestamp banned_until;
    };
    Nanos latency() { return milliseconds{slowest_ms / 15} + milliseconds{below(slowest_ms)}; }
    void send(const HttpGet& get, std::size_t process) {
        if (now < told_until_[process]) ++sent_during_ban;
        on_the_way_.emplace(now + latency(), OnTheWay{get, process, false, {}, {}});
    }
    void arrive() {
        OnTheWay one = std::move(on_the_way_.begin()->second);
        on_the_way_.erase(on_the_way_.begin());
        if (!one.is_reply) {
            one.served = venue.serve(one.get, now);
            one.is_reply = true;
            one.banned_until = venue.banned_until();
            on_the_way_.emplace(now + latency(), std::move(one));
            return;
        }
        answered += processes_[one.process]
                        .answered(one.get.request, {.status = one.served.status,
                                                    .body = one.served.body,
                                                    .headers = one.served.headers,
                                                    .received = now})
                        .size();
        last_answer_at = now;
        if (one.served.status == 200) {
            ++served[one.process];
            return;
        }
        // Bybit does not say how long: its documentation asks for ten minutes.
        Timestamp& told_until = told_until_[one.process];
        told_until = std::max(told_until, site_ == Site::bybit ? now + minutes{10} : one.banned_until);
    }

    Site site_;
    Prng prng_;
    std::vector<SiteAccess> processes_;
    std::multimap<Timestamp, OnTheWay> on_the_way_;
    std::vector<Timestamp> told_until_;
    std::uint64_t last_id_ = 0;
};

/// What a hundred symbols ask in a minute: polls, books anew, pages of history; Binance's weights.
void ask_for_a_minute(Simulation& world, std::uint64_t minute) {
    const std::string at = "?minute=" + std::to_string(minute) + "&n=";
    const auto fill = [&](const char* path, Priority priority, std::uint32_t count, std::uint32_t weight) {
        for (std::uint32_t i = 0; i < count; ++i) world.ask(path + at + std::to_string(i), priority, weight);
    };
    fill("/time", Priority::live, 1, 1);
    fill("/openInterest", Priority::live, 20, 1);
    fill("/depth", Priority::live, world.below(10), 20);
    fill("/klines", Priority::history, 60, 5);
    fill("/order", Priority::order, world.below(5), 1);
}

/// Ten thousand minutes at design load, with others at the same address and bans out of the blue.
void run_design_load(Site site, Nanos clock_ahead) {
    Simulation world(site, 7, clock_ahead);
    std::uint64_t bans = 0;
    for (std::uint64_t minute = 0; minute < 10'000; ++minute) {
        ask_for_a_minute(world, minute);
        world.venue.used_by_others(world.below(900), world.now);
        if (world.chance(0.005)) {
            ++bans;
            world.venue.ban(seconds{30 + world.below(600)}, world.now);
        }
        world.run_until(kStart + minutes{minute + 1});
    }
    world.run_until(world.now + minutes{30});
    EXPECT_GT(bans, 20U);
    EXPECT_EQ(world.venue.limit_breaks, 0U) << "the most counted was " << world.venue.worst;
    EXPECT_EQ(world.sent_during_ban, 0U);
    EXPECT_EQ(world.answered, world.asked) << "everything is answered in the end";
    EXPECT_GT(world.venue.requests, 500'000U);
    std::printf("10,000 minutes, %s: %llu requests, %llu bans, the most counted in a window %u\n",
                std::string(name(site)).c_str(), static_cast<unsigned long long>(world.venue.requests),
                static_cast<unsigned long long>(bans), world.venue.worst);
}

TEST(AccessSimulation, TenThousandMinutesOfBinanceAtDesignLoad) {
    run_design_load(Site::binance_futures, minutes{61});
}
TEST(AccessSimulation, TenThousandMinutesOfBybitAtDesignLoad) { run_design_load(Site::bybit, seconds{-90}); }

TEST(AccessSimulation, AsMuchAsThereIsStaysWithinTheLimits) {
    for (const Site site : {Site::bybit, Site::binance_futures}) {
        Simulation world(site, 11, milliseconds{400});
        for (std::uint64_t minute = 0; minute < 10; ++minute) {
            for (std::uint32_t i = 0; i < 3000; ++i) {
                world.ask("/klines?" + std::to_string(minute * 3000 + i), Priority::history, 1 + world.below(10));
            }
            world.run_until(kStart + minutes{minute + 1});
        }
        EXPECT_EQ(world.venue.limit_breaks, 0U) << name(site) << ": the most counted was " << world.venue.worst;
        EXPECT_EQ(world.sent_during_ban, 0U);
        EXPECT_GT(world.venue.requests, site == Site::bybit ? 10'000U : 2'000U) << "it is not timid either";
    }
}

/// More requests than there is room for, of a running program and of a command beside it, for two minutes.
///   out: how often a limit was broken
std::uint64_t run_two(Site site, double beside, Simulation& world) {
    world.slowest_ms = 15;  // so that the limits hold them back, and not the eight requests under way
    for (std::uint64_t second = 0; second < 120; ++second) {
        for (std::uint32_t i = 0; i < 40; ++i) {
            const std::string n = std::to_string(second) + "&n=" + std::to_string(i);
            const std::uint32_t weight = 1 + world.below(10);
            world.ask("/order?" + n, Priority::order, weight);
            world.ask("/openInterest?" + n, Priority::live, weight);
            world.ask("/klines?" + n, Priority::history, weight, 1);
            world.ask("/depth?" + n, Priority::order, weight, 1);
        }
        world.run_until(kStart + seconds{second + 1});
    }
    std::printf("beside a run with %.0f %%, %s: %llu and %llu requests, the most counted %u\n", beside * 100,
                std::string(name(site)).c_str(), static_cast<unsigned long long>(world.served[0]),
                static_cast<unsigned long long>(world.served[1]), world.venue.worst);
    return world.venue.limit_breaks;
}

TEST(AccessSimulation, ACommandBesideARunStaysWithinTheLimitsWithIt) {
    for (const Site site : {Site::bybit, Site::binance_futures}) {
        Simulation world(site, 17, milliseconds{300}, {kPlannedShare, kBesideShare});
        EXPECT_EQ(run_two(site, kBesideShare, world), 0U) << name(site);
        EXPECT_EQ(world.sent_during_ban, 0U);
        EXPECT_GT(world.served[1], 50U) << name(site) << ": it is not starved either";
    }
}

TEST(AccessSimulation, TwoWithTheWholePlanEachWouldBreakThem) {
    Simulation world(Site::bybit, 17, milliseconds{300}, {kPlannedShare, kPlannedShare});
    EXPECT_GT(run_two(Site::bybit, kPlannedShare, world), 0U);
}

/// What the feed of a site asks for at a cold start, of each symbol its history in the sizes of the configuration:
/// 1440 minutes in two pages, the three other frames in one each.
void ask_for_a_cold_start(Simulation& world, Site site, int symbols) {
    const bool is_bybit = site == Site::bybit;
    const std::string klines = is_bybit ? "/v5/market/kline" : "/fapi/v1/klines";
    const std::vector<std::string> samples =
        is_bybit
            ? std::vector<std::string>{"/v5/market/open-interest", "/v5/market/account-ratio",
                                       "/v5/market/funding/history"}
            : std::vector<std::string>{"/futures/data/openInterestHist", "/futures/data/globalLongShortAccountRatio",
                                       "/futures/data/topLongShortPositionRatio", "/fapi/v1/fundingRate"};
    world.ask(is_bybit ? "/v5/market/instruments-info" : "/fapi/v1/exchangeInfo", Priority::live, 1);
    world.ask(is_bybit ? "/v5/market/tickers" : "/fapi/v1/ticker/24hr", Priority::live, 40);
    for (int symbol = 0; symbol < symbols; ++symbol) {
        const std::string of = "?symbol=" + std::to_string(symbol);
        // Bybit's books come by their streams.
        if (!is_bybit) world.ask("/fapi/v1/depth" + of, Priority::live, 20);
        for (int page = 0; page < 5; ++page)
            world.ask(klines + of + "&page=" + std::to_string(page), Priority::history, 5);
        for (const std::string& path : samples) {
            const std::uint32_t weight = path.starts_with("/futures/data/") ? 0 : 1;
            world.ask(path + of, Priority::history, weight);
        }
    }
}

TEST(AccessSimulation, AHundredSymbolsStartColdWithinTheBudget) {
    const auto started_in = [](Site site) {
        Simulation world(site, 3, Nanos{0});
        ask_for_a_cold_start(world, site, 100);
        world.run_until(kStart + minutes{10});
        EXPECT_EQ(world.answered, world.asked);
        EXPECT_EQ(world.venue.limit_breaks, 0U);
        const double spent = to_seconds(*world.last_answer_at - kStart);
        std::printf("cold start of 100 symbols, %s: %.0f s, %llu requests, the most counted %u\n",
                    std::string(name(site)).c_str(), spent, static_cast<unsigned long long>(world.venue.requests),
                    world.venue.worst);
        return spent;
    };
    EXPECT_LT(started_in(Site::bybit), 60);
    EXPECT_LT(started_in(Site::binance_futures), 240);
}

TEST(AccessSimulation, AThousandKillsStayWithinTheConnectionLimits) {
    for (const Site site : {Site::bybit, Site::binance_futures}) {
        SiteAccess access(site);
        Prng prng(5, "kills");
        const std::size_t limit = site == Site::bybit ? 500 : 300;
        std::deque<Timestamp> recent;
        std::size_t worst = 0;
        std::array<Timestamp, 20> connected{};  // 20 sockets, each killed as soon as it is up
        connected.fill(kStart);
        Nanos longest_wait{};
        for (int kill = 0; kill < 1000; ++kill) {
            auto& socket = *std::min_element(connected.begin(), connected.end());
            const Timestamp wanted = socket + milliseconds{static_cast<int>(prng.uniform() * 250)};
            const Timestamp at = access.connect_at(wanted);
            longest_wait = std::max(longest_wait, at - wanted);
            recent.push_back(at);
            while (recent.front() <= at - minutes{5}) recent.pop_front();
            worst = std::max(worst, recent.size());
            socket = at + milliseconds{20};
        }
        EXPECT_LT(worst, limit) << name(site);
        EXPECT_GT(worst, limit / 2) << name(site);
        std::printf("1,000 kills, %s: at most %zu connects in 5 min, longest wait %.1f s\n",
                    std::string(name(site)).c_str(), worst, to_seconds(longest_wait));
    }
}

}  // namespace
}  // namespace vt::exchange::access
