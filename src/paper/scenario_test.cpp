#include "paper/test_market.hpp"
#include "paper/test_wording.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

// Plays tests/scenarios/venue/*.scn. A file begins with parameters (`deposit 1000`, `latency 100`, `leverage 10`,
// `bars`, `venue binance`, `delivers 60000`); then come, in order,
//   > MS WHAT ...     something happens to the venue so many milliseconds after midnight
//   < MS REPORT ...   it reports this, by its clock; every report must be foretold, in its order
//   = NAME VALUE      the ledger says so now
// Whatever stands behind # is the arithmetic. Order numbers are those of client ids.

namespace vt::paper {
namespace {

using market::Side;

/// One scenario file while it is played.
class Scenario {
public:
    explicit Scenario(std::filesystem::path path) : path_(std::move(path)), params_(plain_params()) {}

    void play() {
        std::ifstream file(path_);
        ASSERT_TRUE(file) << path_;
        std::string line;
        while (std::getline(file, line)) {
            ++line_;
            std::istringstream words(line.substr(0, line.find('#')));
            if (std::string first; words >> first) {
                take(first, words);
                if (testing::Test::HasFatalFailure()) return;
            }
        }
        while (!reports_.empty()) {
            ADD_FAILURE() << where() << "not foretold: " << reports_.front();
            reports_.erase(reports_.begin());
        }
        ASSERT_NE(market_, nullptr) << where() << "nothing happened";
    }

private:
    std::string where() const { return path_.filename().string() + ":" + std::to_string(line_) + ": "; }

    void take(const std::string& first, std::istringstream& words) {
        if (first == ">") return happen(words);
        if (first == "<") return expect_report(words);
        if (first == "=") return expect_ledger(words);
        ASSERT_EQ(market_, nullptr) << where() << "parameters come first: " << first;
        std::string value;
        words >> value;
        if (first == "deposit")
            params_.deposit = trading::money_of(std::stod(value)).value();
        else if (first == "latency")
            params_.latency.least = std::chrono::milliseconds{std::stoi(value)};
        else if (first == "leverage")
            params_.margin.leverage = std::stoi(value);
        else if (first == "bars")
            params_.fill_by = FillBy::bars;
        else if (first == "venue")
            instrument_.venue = market::Venue::binance;
        else if (first == "delivers")
            instrument_.delivers_at = test_time(std::stoll(value));
        else
            FAIL() << where() << "unknown parameter " << first;
    }

    void happen(std::istringstream& words) {
        if (market_ == nullptr) market_ = std::make_unique<TestMarket>(params_, std::vector{instrument_});
        std::int64_t ms = 0;
        std::string what;
        ASSERT_TRUE(words >> ms >> what) << where() << "time and event expected";
        market_->venue.advance(test_time(ms));
        if (what == "book" || what == "delta")
            book(ms, words, what == "book");
        else if (what == "trade")
            print(ms, words);
        else if (what == "ticker")
            ticker(ms, words);
        else if (what == "bar")
            bar(ms, words);
        else if (what == "place" || what == "amend")
            order(ms, words, what == "place");
        else if (what == "cancel")
            market_->venue.submit(trading::Cancel{id(words), {}}, test_time(ms));
        else if (what == "find")
            market_->venue.submit(trading::FindOrder{id(words), {}}, test_time(ms));
        else if (what == "account")
            market_->venue.submit(trading::FindAccount{}, test_time(ms));
        else if (what == "status")
            status(words);
        else if (what == "gap")
            market_->happen(ms, market::BookInvalid{});
        else if (what == "disconnect")
            market_->venue.disconnect_stream();
        else if (what == "reconnect")
            market_->venue.reconnect_stream();
        else if (what != "wait")
            FAIL() << where() << "unknown event " << what;
        for (const auto& report : market_->venue.take_reports()) {
            const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(report.at - kTestStart).count();
            reports_.push_back(std::to_string(at) + " " + std::visit(TestWording{}, report.body));
        }
    }

    static trading::ClientOrderId id(std::istringstream& words) {
        trading::ClientOrderId read{.boot = 1};
        words >> read.sequence;
        return read;
    }
    Ticks ticks(const std::string& text) { return Ticks{steps(text, instrument_.tick_size)}; }
    Lots lots(const std::string& text) { return Lots{steps(text, instrument_.lot_size)}; }
    std::int64_t steps(const std::string& text, Decimal step) {
        const auto read = parse_steps(text, step);
        EXPECT_TRUE(read) << where() << text << " is not in steps of " << step.to_string();
        return read.value_or(0);
    }
    std::string word(std::istringstream& words) {
        std::string text;
        EXPECT_TRUE(words >> text) << where() << "a word is missing";
        return text;
    }

    // "100x5 99.9x3 | 100.1x2": bids, asks
    void book(std::int64_t ms, std::istringstream& words, bool is_snapshot) {
        std::vector<market::Level> bids;
        std::vector<market::Level> asks;
        auto* side = &bids;
        for (std::string text; words >> text;) {
            const auto cross = text.find('x');
            if (text == "|")
                side = &asks;
            else
                side->push_back({ticks(text.substr(0, cross)), lots(text.substr(cross + 1))});
        }
        market_->book(ms, bids, asks, is_snapshot);
    }
    void print(std::int64_t ms, std::istringstream& words) {
        const Side side = word(words) == "buy" ? Side::buy : Side::sell;
        const Ticks price = ticks(word(words));
        market_->print(ms, side, price.value(), lots(word(words)).value());
    }
    void ticker(std::int64_t ms, std::istringstream& words) {
        market::Ticker changed;
        for (std::string key; words >> key;) {
            const double value = std::stod(word(words));
            if (key == "mark")
                changed.mark_price = value;
            else if (key == "last")
                changed.last_price = value;
            else if (key == "funding")
                changed.funding_rate = value;
            else if (key == "next")
                changed.next_funding_at = test_time(static_cast<std::int64_t>(value));
            else
                FAIL() << where() << "unknown key " << key;
        }
        market_->happen(ms, changed);
    }
    void bar(std::int64_t ms, std::istringstream& words) {  // of the minute that ends now
        market::Candle candle;
        candle.open_time = test_time(ms) - std::chrono::minutes{1};
        candle.interval = std::chrono::minutes{1};
        words >> candle.open >> candle.high >> candle.low >> candle.close;
        candle.is_closed = true;
        market_->happen(ms, candle);
    }
    // "1 buy limit 100 2 post_only reduce", "2 sell stop 99 1 mark reduce", "3 buy market 1"
    void order(std::int64_t ms, std::istringstream& words, bool is_new) {
        trading::OrderRequest request;
        request.id = id(words);
        request.side = word(words) == "buy" ? Side::buy : Side::sell;
        const std::string kind = word(words);
        if (kind == "limit") {
            request.kind = trading::OrderKind::limit;
            request.price = ticks(word(words));
        } else if (kind == "stop") {
            request.kind = trading::OrderKind::stop_market;
            request.trigger = ticks(word(words));
        }
        request.quantity = lots(word(words));
        std::uint32_t revision = 1;
        for (std::string option; words >> option;) {
            if (option == "ioc")
                request.time_in_force = trading::TimeInForce::immediate_or_cancel;
            else if (option == "fok")
                request.time_in_force = trading::TimeInForce::fill_or_kill;
            else if (option == "post_only")
                request.time_in_force = trading::TimeInForce::post_only;
            else if (option == "mark")
                request.trigger_by = trading::TriggerBy::mark;
            else if (option == "reduce")
                request.is_reduce_only = true;
            else if (option == "revision")
                words >> revision;
            else
                FAIL() << where() << "unknown option " << option;
        }
        if (is_new)
            market_->venue.submit(trading::Place{request}, test_time(ms));
        else
            market_->venue.submit(trading::Amend{request, revision}, test_time(ms));
    }
    void status(std::istringstream& words) {
        const std::string text = word(words);
        for (const auto each : {market::TradingStatus::trading, market::TradingStatus::halted,
                                market::TradingStatus::delivering, market::TradingStatus::closed})
            if (name(each) == text) instrument_.status = each;
        market_->states[0]->relist(instrument_);
    }

    void expect_report(std::istringstream& words) {
        std::string expected;
        for (std::string text; words >> text;) expected += (expected.empty() ? "" : " ") + text;
        ASSERT_FALSE(reports_.empty()) << where() << "no report; foretold: " << expected;
        EXPECT_EQ(reports_.front(), expected) << where();
        reports_.erase(reports_.begin());
    }
    void expect_ledger(std::istringstream& words) {
        const std::string what = word(words);
        const std::string value = word(words);
        const auto& venue = market_->venue;
        const auto& position = *venue.position({});
        const std::map<std::string, std::string> known{
            {"wallet", to_string(venue.wallet())},
            {"available", to_string(venue.available())},
            {"equity", venue.equity() ? to_string(*venue.equity()) : "unknown"},
            {"net", text_of(position.net())},
            {"cost", to_string(position.facts().cost)},
            {"realised", to_string(position.facts().realised)},
            {"orders", std::to_string(venue.open_order_count())}};
        ASSERT_TRUE(known.contains(what)) << where() << "unknown figure " << what;
        EXPECT_EQ(known.at(what), value) << where() << what;
    }

    std::filesystem::path path_;
    Params params_;
    market::Instrument instrument_ = trading::test_perpetual();
    std::unique_ptr<TestMarket> market_;
    std::vector<std::string> reports_;
    int line_ = 0;
};

std::vector<std::filesystem::path> scenario_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(VT_SOURCE_DIR "/tests/scenarios/venue"))
        if (entry.path().extension() == ".scn") files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

std::string scenario_name(const testing::TestParamInfo<std::filesystem::path>& played) {
    return played.param.stem().string();
}

class VenueScenario : public testing::TestWithParam<std::filesystem::path> {};
TEST_P(VenueScenario, EndsAsWorkedByHand) { Scenario(GetParam()).play(); }
INSTANTIATE_TEST_SUITE_P(, VenueScenario, testing::ValuesIn(scenario_files()), scenario_name);

}  // namespace
}  // namespace vt::paper
