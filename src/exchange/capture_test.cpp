// The book after every frame of each recorded depth capture equals an independent model: the raw texts, in sorted
// maps.

#include "exchange/capture.hpp"

#include "exchange/binance/replay_feed.hpp"
#include "exchange/bybit/session.hpp"
#include "exchange/test_market.hpp"
#include "market/order_book.hpp"

#include <map>

namespace vt::exchange {
namespace {

/// Prices and quantities in 1e-8, read by nothing but this file.
using ModelSide = std::map<std::int64_t, std::int64_t>;
struct Model {
    ModelSide bids;
    ModelSide asks;
};

std::int64_t hundred_millionths(std::string_view text) {
    std::int64_t value = 0;
    int decimals = -1;
    for (const char c : text) {
        if (c == '.') {
            decimals = 0;
            continue;
        }
        value = value * 10 + (c - '0');
        if (decimals >= 0) ++decimals;
    }
    for (int i = std::max(decimals, 0); i < 8; ++i) value *= 10;
    return value;
}

std::string_view after(std::string_view line, std::string_view key) {
    const std::size_t at = line.find(key);
    return at == std::string_view::npos ? std::string_view{} : line.substr(at + key.size());
}

std::uint64_t number_after(std::string_view line, std::string_view key) {
    std::uint64_t value = 0;
    for (const char c : after(line, key)) {
        if (c < '0' || c > '9') break;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

/// `[["p","q"],...]` behind the key.
void apply_side(std::string_view line, std::string_view key, ModelSide& side) {
    std::string_view rest = after(line, key);
    while (rest.substr(0, 2) == "[\"" || rest.substr(0, 3) == ",[\"") {
        rest.remove_prefix(rest.front() == ',' ? 3 : 2);
        const std::size_t price_end = rest.find('"');
        const std::int64_t price = hundred_millionths(rest.substr(0, price_end));
        rest.remove_prefix(price_end + 3);
        const std::size_t size_end = rest.find('"');
        const std::int64_t size = hundred_millionths(rest.substr(0, size_end));
        rest.remove_prefix(size_end + 2);
        if (size == 0)
            side.erase(price);
        else
            side[price] = size;
    }
}

class Comparison {
public:
    Comparison(const market::Instrument& instrument)
        : tick_(hundred_millionths(instrument.tick_size.to_string())),
          lot_(hundred_millionths(instrument.lot_size.to_string())) {}

    /// Every level of both sides.
    void expect_equal(const market::OrderBook& book, const Model& model) {
        EXPECT_EQ(differences(book, market::Side::buy, model.bids.rbegin(), model.bids.rend()), 0U);
        EXPECT_EQ(differences(book, market::Side::sell, model.asks.begin(), model.asks.end()), 0U);
        ++compared;
    }
    void expect_best(const market::OrderBook& book, const market::BestQuote& quote) {
        EXPECT_EQ(book.best(market::Side::buy), quote.bid);
        EXPECT_EQ(book.best(market::Side::sell), quote.ask);
        ++tops_compared;
    }
    std::size_t compared = 0;
    std::size_t tops_compared = 0;

private:
    template <class Iterator>
    std::size_t differences(const market::OrderBook& book, market::Side side, Iterator at, Iterator end) const {
        std::size_t wrong = 0;
        book.walk(side, [&](const market::Level& level) {
            if (at == end || at->first != level.price.value() * tick_ || at->second != level.quantity.value() * lot_)
                ++wrong;
            if (at != end) ++at;
            return wrong == 0;
        });
        return wrong + (at == end ? 0U : 1U);
    }
    std::int64_t tick_;
    std::int64_t lot_;
};

TEST(Captures, BybitBookEqualsTheModelAfterEveryFrame) {
    const std::string name = "bybit/ws-linear/2024-12-01_XRPUSDT_ob500.head50.jsonl.zst";
    const std::string path = capture_path(name);
    VT_SKIP_WITHOUT(path, name);
    const market::InstrumentDirectory directory = test_directory();
    const market::InstrumentId xrp{2};
    bybit::Codec codec;
    std::vector<StreamStatus> statuses(1);
    // Depth 500 has been withdrawn since; the rules are those of the other depths.
    bybit::Session session({.connection = connection_id(market::Venue::bybit, 1)},
                           {{"orderbook.500.XRPUSDT", xrp, market::Stream::book}}, statuses);
    Output out;
    market::OrderBook book;
    Model model;
    Comparison comparison(directory[xrp]);
    session.start({}, out);
    session.on_open({}, out);
    std::uint64_t sequence = 0;
    for (const std::string& line : capture_lines(path)) {
        out.clear();
        session.on_text(line, directory, codec, {from_ms(1'733'011'200'000), ++sequence}, out);
        ASSERT_EQ(out.events.size(), 1U) << (out.rejections.empty() ? "" : out.rejections[0].what);
        ASSERT_EQ(book.apply(std::get<market::BookUpdate>(out.events[0].body)), market::ApplyResult::applied);
        if (line.find(R"("type":"snapshot")") != std::string::npos) model = {};
        apply_side(line, R"("b":[)", model.bids);
        apply_side(line, R"("a":[)", model.asks);
        comparison.expect_equal(book, model);
        EXPECT_EQ(book.level_count(market::Side::buy), 500U);
        EXPECT_EQ(book.level_count(market::Side::sell), 500U);
        EXPECT_EQ(book.update_id(), number_after(line, R"("u":)"));
    }
    EXPECT_EQ(comparison.compared, 50U);
    EXPECT_EQ(statuses[0].gaps, 0U);
}

struct BinanceCapture {
    std::vector<std::string> files;
    ConnectionId connection;
    market::InstrumentId instrument;
    std::size_t compared = 0;       ///< frames that changed the book
    std::size_t tops_compared = 0;  ///< bookTickers at the very update of the book
    std::size_t trades = 0;
};

/// The model's side of the join: depth lines wait for the snapshot line, then the venue's rule decides.
class BinanceModel {
public:
    explicit BinanceModel(bool is_spot) : is_spot_(is_spot) {}
    Model book;
    bool has_snapshot = false;
    std::uint64_t update_id = 0;

    void on_line(std::string_view json) {
        if (json.find(R"("lastUpdateId":)") != std::string_view::npos) {
            update_id = number_after(json, R"("lastUpdateId":)");
            has_snapshot = true;
            book = {};
            apply_side(json, R"("bids":[)", book.bids);
            apply_side(json, R"("asks":[)", book.asks);
            for (const std::string& line : waiting_) on_depth(line);
            waiting_.clear();
        } else if (json.find(R"("e":"depthUpdate")") != std::string_view::npos) {
            if (has_snapshot)
                on_depth(json);
            else
                waiting_.emplace_back(json);
        }
    }

private:
    void on_depth(std::string_view json) {
        const std::uint64_t last = number_after(json, R"("u":)");
        if (is_spot_ ? last <= update_id : last < update_id) return;
        update_id = last;
        apply_side(json, R"("b":[)", book.bids);
        apply_side(json, R"("a":[)", book.asks);
    }
    bool is_spot_;
    std::vector<std::string> waiting_;
};

void replay(const BinanceCapture& capture) {
    const market::InstrumentDirectory directory = test_directory();
    binance::ReplayFeed feed(directory);
    Output out;
    market::OrderBook book;
    BinanceModel model(capture.connection == binance::kSpotConnection);
    Comparison comparison(directory[capture.instrument]);
    std::uint64_t sequence = 0;
    std::size_t trades = 0;
    std::map<std::uint64_t, market::BestQuote> quotes;  // seen, by update id, until the book gets there
    feed.on_open(capture.connection, {}, out);
    for (const std::string& name : capture.files) {
        const std::string path = capture_path(name);
        VT_SKIP_WITHOUT(path, name);
        for (const std::string& line : capture_lines(path)) {
            const std::size_t space = line.find(' ');
            const Timestamp received = from_ns(static_cast<std::int64_t>(number_after(line, "")));
            const std::string_view json = std::string_view(line).substr(space + 1);
            const bool is_snapshot = json.substr(0, 15) == R"({"lastUpdateId")";
            out.clear();
            if (is_snapshot) {
                feed.on_reply({binance::snapshot_request(capture.instrument), 200, received, json, {}}, received,
                              ++sequence, out);
            } else {
                feed.on_text(capture.connection, json, received, ++sequence, out);
            }
            ASSERT_TRUE(out.rejections.empty()) << out.rejections[0].what;
            model.on_line(json);
            bool is_changed = false;
            for (const market::Event& event : out.events) {
                ASSERT_FALSE(std::holds_alternative<market::BookInvalid>(event.body));
                if (std::holds_alternative<market::Trade>(event.body)) ++trades;
                if (const auto* quote = std::get_if<market::BestQuote>(&event.body))
                    quotes[quote->update_id] = *quote;
                const auto* update = std::get_if<market::BookUpdate>(&event.body);
                if (update == nullptr) continue;
                is_changed = true;
                ASSERT_EQ(book.apply(*update), market::ApplyResult::applied);
            }
            if (!is_changed) continue;
            comparison.expect_equal(book, model.book);
            ASSERT_EQ(book.update_id(), model.update_id);
            const auto quote = quotes.find(book.update_id());
            if (quote != quotes.end()) comparison.expect_best(book, quote->second);
            quotes.erase(quotes.begin(), quotes.upper_bound(book.update_id()));
            ASSERT_FALSE(testing::Test::HasFailure()) << "line " << sequence;
        }
    }
    EXPECT_EQ(comparison.compared, capture.compared);
    EXPECT_EQ(comparison.tops_compared, capture.tops_compared);
    EXPECT_EQ(trades, capture.trades);
}

TEST(Captures, BinanceFuturesBookEqualsTheModelAfterEveryFrame) {
    replay({{"binance/ws-usdm/btcusdt_20240808.log.zst"},
            binance::kFuturesConnection,
            market::InstrumentId{3},
            6'546,
            503,
            21'313});
}

TEST(Captures, BinanceSpotBitcoinBookEqualsTheModelAcrossTwoFiles) {
    replay({{"binance/ws-spot/btcusdt_20240808.log.zst", "binance/ws-spot/btcusdt_20240809.log.zst"},
            binance::kSpotConnection,
            market::InstrumentId{4},
            6'493,
            1'072,
            9'757 + 10'147});
}

TEST(Captures, BinanceSpotEtherBookEqualsTheModelAfterEveryFrame) {
    replay({{"binance/ws-spot/ethusdt_20240808.log.zst"},
            binance::kSpotConnection,
            market::InstrumentId{5},
            3'433,
            577,
            6'106});
}

}  // namespace
}  // namespace vt::exchange
