// Days of the demo market from the warm state on: what is raised, followed, written down and traded on paper, and
// whether all books of it agree.

#include "api/process_use.hpp"
#include "base/assert.hpp"
#include "demo/roster.hpp"
#include "records/database_url.hpp"
#include "records/repository.hpp"
#include "records/trades.hpp"
#include "runtime/engine_params.hpp"
#include "runtime/kept_signal.hpp"
#include "runtime/kept_trading.hpp"
#include "runtime/test_account_books.hpp"
#include "runtime/test_signal_story.hpp"
#include "runtime/virtual_venue.hpp"
#include "runtime/warm_state.hpp"
#include "storage/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace vt::runtime {
namespace {

/// The simulated venue keeps three weeks of its minutes: until then it grows.
constexpr int kWarmingHours = 21 * 24;

int number_of(const char* variable, int otherwise) {
    const char* given = std::getenv(variable);
    return given == nullptr ? otherwise : std::atoi(given);
}

/// The gates as they come. An account that a month of a market without an edge does not halt.
config::Config month_config(const demo::StreamParams& market) {
    config::Config config;
    config.market.symbols = {"BTCUSDT"};
    for (const sim::SymbolParams& one : market.generated) config.market.symbols.push_back(one.symbol);
    config.market.deep_symbols.clear();  // Bitcoin's book would cost as much as all else
    config.trading.mode = "paper";
    config.trading.strategies = {"confluence", "lead_lag", "residual_reversion"};
    config.paper.deposit = trading::Money{100'000 * trading::kMoneyPerUnit};
    config.risk.risk_share = 0.0005;
    return config;
}

/// Bitcoin of the recording, and so many of the generator's quiet symbols, none with a planted truth.
demo::StreamParams month_market(int generated_count) {
    demo::StreamParams market = *warm_market();
    std::erase_if(market.generated, [](const sim::SymbolParams& one) { return one.truth != sim::Truth::none; });
    VT_ASSERT(generated_count > 0 && static_cast<std::size_t>(generated_count) <= market.generated.size());
    market.generated.erase(market.generated.begin(), market.generated.end() - generated_count);
    return market;
}

class DemoDays : public testing::Test {
protected:
    void begin(const config::Config& config, const demo::StreamParams& market) {
        auto database = records::open_database({.path = (folder_.path() / "records.db").string()});
        ASSERT_TRUE(database);
        auto repository = records::Repository::open(std::move(*database), market.start);
        ASSERT_TRUE(repository);
        repository_ = std::make_unique<records::Repository>(std::move(*repository));
        const engine::Params params = engine_params(config);
        rules_ = RaisedRules(params.signals);
        books_ = AccountBooks(config.paper.deposit);
        venue_ =
            std::make_unique<VirtualVenue>(params, market, [this](const engine::Effect& effect) { take(effect); });
        const WarmState warm = bundled_warm_state();
        venue_->start(warm.state, market.start - warm.end);
    }
    void take(const engine::Effect& effect) {
        story_.note(effect);
        rules_.note(effect);
        books_.note(effect);
        const market::InstrumentDirectory& instruments = venue_->engine().instruments();
        if (const auto* said = std::get_if<engine::Signalled>(&effect))
            batch_.ledger.push_back(
                ledger_entry_of(*said->change, instruments[said->instrument], "demo", "00000000000000aa"));
        if (const auto* traded = std::get_if<engine::Traded>(&effect)) {
            ASSERT_TRUE(
                records::store_trading(repository_->database(), trading_rows(*traded->step, instruments, "demo")));
        }
    }
    /// What differs between the program's books and the venue's ledger once every report has been heard.
    [[nodiscard]] std::vector<std::string> differences() {
        std::vector<std::string> found = books_.differences(venue_->engine());
        for (int i = 0; i < 100 && !found.empty(); ++i) {
            venue_->advance_to(venue_->now() + std::chrono::milliseconds{20});
            found = books_.differences(venue_->engine());
        }
        return found;
    }
    void store() {
        ASSERT_TRUE(repository_->append(batch_));
        batch_ = {};
    }
    void print(int hour) const {
        const api::ProcessUse use = api::process_use();
        std::printf("hour %d: %.1f MB resident, %.0f s of CPU\n", hour, use.resident_bytes / 1e6, use.cpu_seconds);
        story_.print();
        std::printf("trades %zu, ended long %zu, short %zu; fees %s, funding %s in %zu settlements, wallet %s\n",
                    books_.trades().size(), books_.ended_count(market::Side::buy),
                    books_.ended_count(market::Side::sell), to_string(books_.fees()).c_str(),
                    to_string(books_.funding()).c_str(), settled_, to_string(books_.wallet()).c_str());
        for (const auto& [why, count] : books_.denials()) std::printf("  denied by %s %zu\n", why.c_str(), count);
        for (const std::string& text : books_.warnings()) std::printf("  warning: %s\n", text.c_str());
        for (const std::string& text : books_.mode_changes()) std::printf("  mode: %s\n", text.c_str());
        std::fflush(stdout);
    }

    storage::TemporaryDirectory folder_{"demo-days"};
    std::unique_ptr<records::Repository> repository_;
    SignalStory story_;
    RaisedRules rules_{{}};
    AccountBooks books_{{}};
    records::Batch batch_;
    std::size_t settled_ = 0;  ///< settlements with something open
    std::unique_ptr<VirtualVenue> venue_;
};

}  // namespace

/// VIRTUOSO_DEMO_HOURS of it (720) with VIRTUOSO_DEMO_SYMBOLS (2) beside Bitcoin. By hand, in release;
/// docs/paper_trading.md has what it printed.
TEST_F(DemoDays, DISABLED_EveryBookAgrees) {
    const int length_hours = number_of("VIRTUOSO_DEMO_HOURS", 720);
    const demo::StreamParams market = month_market(number_of("VIRTUOSO_DEMO_SYMBOLS", 2));
    ASSERT_NO_FATAL_FAILURE(begin(month_config(market), market));
    double resident_after_warming = 0;
    for (int hour = 1; hour <= length_hours; ++hour) {
        const trading::Money before = books_.funding();
        // the market settles at the whole hour, and says so within a second
        venue_->advance_to(market.start + std::chrono::hours{hour} + std::chrono::seconds{3});
        settled_ += books_.funding() != before;
        const std::vector<std::string> found = differences();
        for (const std::string& one : found) ADD_FAILURE() << "hour " << hour << ": " << one;
        store();
        ASSERT_FALSE(HasFatalFailure());
        if (hour % 24 == 0 || hour == length_hours) print(hour);
        if (hour == kWarmingHours) resident_after_warming = api::process_use().resident_bytes;
        if (!found.empty()) break;
    }
    EXPECT_EQ(rules_.broken(), std::vector<std::string>{});
    EXPECT_EQ(story_.incomplete(venue_->now()), std::vector<std::string>{});
    EXPECT_EQ(story_.twice, 0U) << "a signal has one entry of each kind";
    const auto check = records::check_ledger(repository_->database(), "demo");
    ASSERT_TRUE(check);
    EXPECT_FALSE(check->broken_at);
    EXPECT_EQ(check->entries, story_.entry_count);
    std::size_t stored = 0;
    for (const auto& [id, trade] : books_.trades()) {
        const auto row = records::trade_numbered(repository_->database(), "demo", id);
        ASSERT_TRUE(row && *row);
        stored += (*row)->state == (trade.ended_at ? "closed" : "open");
    }
    EXPECT_EQ(stored, books_.trades().size());
    EXPECT_EQ(venue_->engine().trading().venue()->counts().unsettled, 0U);
    // an exit and its stop may meet: the later of the two finds nothing to close
    for (const std::string& warning : books_.warnings())
        EXPECT_TRUE(warning.starts_with("exit_failed") || warning.find("nothing to reduce") != std::string::npos)
            << warning;
    if (length_hours < 240) return;
    EXPECT_GT(story_.longs, 0U);
    EXPECT_GT(story_.shorts, 0U);
    EXPECT_GT(books_.ended_count(market::Side::buy), 0U);
    EXPECT_GT(books_.ended_count(market::Side::sell), 0U);
    EXPECT_GT(settled_, 0U);
    EXPECT_GT(story_.placebo_p().value_or(0), .001) << "entries at random times have no edge";
    if (length_hours > kWarmingHours) {
        EXPECT_LT(api::process_use().resident_bytes, 1.05 * resident_after_warming);
    }
}

}  // namespace vt::runtime
