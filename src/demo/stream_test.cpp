#include "demo/stream.hpp"

#include "base/digest.hpp"
#include "demo/sample_capture.hpp"
#include "exchange/bybit/book_sync.hpp"
#include "exchange/bybit/codec.hpp"
#include "market/order_book.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace vt::demo {
namespace {

using market::Side;

constexpr Timestamp kStart = from_ms(1'700'000'040'000);

StreamParams params_of(std::shared_ptr<const Recording> recording) {
    StreamParams params{.seed = 5, .start = kStart, .recording = std::move(recording)};
    for (sim::SymbolParams& symbol : generated_symbols()) {
        if (params.generated.size() < 4) params.generated.push_back(symbol);
    }
    return params;
}

/// What a client makes of the frames, with the program's own decoder.
struct Client {
    explicit Client(Stream& stream) {
        for (std::size_t i = 0; i < stream.size(); ++i) directory.list(stream.symbol(i).instrument);
    }
    exchange::bybit::Frame read(std::string_view text, Timestamp at) {
        out.clear();
        return codec.decode(text, directory, {.received = at}, out);
    }
    market::InstrumentDirectory directory;
    exchange::bybit::Codec codec;
    exchange::Output out;
};

std::vector<market::Level> best_levels(const market::OrderBook& book, Side side, std::size_t count) {
    std::vector<market::Level> levels;
    book.walk(side, [&](const market::Level& level) {
        levels.push_back(level);
        return levels.size() < count;
    });
    return levels;
}

TEST(Stream, BooksThatAClientKeepsEqualThePublishedOnesAfterEveryFrame) {
    Stream stream(params_of(sample_recording()));
    Client client(stream);
    struct Kept {
        market::OrderBook book;
        exchange::bybit::BookSync sync;
        std::uint64_t sequence = 0;
        int restarts = 0;
    };
    std::map<std::uint32_t, Kept> kept;  // by topic
    const auto take = [&](TopicId topic, std::string_view text, Timestamp at) {
        Kept& mine = kept[topic.value()];
        const auto frame = client.read(text, at);
        ASSERT_EQ(frame.kind, exchange::bybit::FrameKind::book) << text;
        const auto step = mine.sync.on_frame({.is_snapshot = frame.is_snapshot,
                                              .depth = frame.depth,
                                              .update_id = frame.update_id,
                                              .cross_sequence = frame.cross_sequence});
        ASSERT_NE(step.verdict, exchange::bybit::BookVerdict::gap) << text;
        if (frame.update_id == 1) ++mine.restarts;
        if (step.verdict == exchange::bybit::BookVerdict::ignore) return;
        ASSERT_GE(frame.cross_sequence, mine.sequence);
        mine.sequence = frame.cross_sequence;
        const auto levels = std::span(client.out.levels);
        const auto applied = mine.book.apply({.is_snapshot = step.verdict == exchange::bybit::BookVerdict::snapshot,
                                              .depth = frame.depth,
                                              .update_id = frame.update_id,
                                              .bids = levels.first(frame.bid_count),
                                              .asks = levels.last(frame.ask_count)});
        ASSERT_EQ(applied, market::ApplyResult::applied) << text;
        const auto published = stream.published_book(frame.instrument->value(), frame.depth);
        ASSERT_TRUE(published.has_value());
        ASSERT_EQ(published->update_id, frame.update_id);
        const auto bids = best_levels(mine.book, Side::buy, 2000);
        const auto asks = best_levels(mine.book, Side::sell, 2000);
        ASSERT_TRUE(
            std::equal(bids.begin(), bids.end(), published->window.bids().begin(), published->window.bids().end()));
        ASSERT_TRUE(
            std::equal(asks.begin(), asks.end(), published->window.asks().begin(), published->window.asks().end()));
    };
    for (const std::string symbol : {"BTCUSDT", "ETHUSDT", "SOLUSDT", "DOGEUSDT"}) {
        for (const std::string depth : {"1", "50", "200", "1000"}) {
            const TopicId topic =
                stream.topic(std::string("orderbook.").append(depth).append(".").append(symbol)).value();
            stream.watch(topic);
            std::string first;
            stream.append_first_frame(topic, first);
            take(topic, first, stream.now());
        }
    }
    stream.advance(kStart + std::chrono::seconds{50}, take);
    const TopicId bitcoin = stream.topic("orderbook.50.BTCUSDT").value();
    EXPECT_EQ(kept[bitcoin.value()].restarts, 2) << "u = 1 at each seam of the recording";
    EXPECT_EQ(kept[stream.topic("orderbook.50.SOLUSDT").value().value()].restarts, 0);
    stream.restart_books(take);
    EXPECT_EQ(kept[stream.topic("orderbook.50.SOLUSDT").value().value()].restarts, 1);
    stream.advance(kStart + std::chrono::seconds{52}, take);
}

TEST(Stream, TradesTickersCandlesAndLiquidationsAreWhatTheVenueWouldSend) {
    Stream stream(params_of(sample_recording()));
    Client client(stream);
    for (const std::string symbol : {"BTCUSDT", "SOLUSDT"}) {
        for (const std::string family : {"publicTrade.", "tickers.", "kline.1.", "kline.5.", "allLiquidation."}) {
            stream.watch(stream.topic(std::string(family).append(symbol)).value());
        }
    }
    std::string ticker;
    stream.append_first_frame(stream.topic("tickers.SOLUSDT").value(), ticker);
    EXPECT_EQ(client.read(ticker, kStart).kind, exchange::bybit::FrameKind::ticker);
    const auto& whole = std::get<market::Ticker>(client.out.events.at(0).body);
    EXPECT_TRUE(whole.mark_price && whole.index_price && whole.funding_rate && whole.open_interest_base);
    EXPECT_TRUE(whole.high_24h && whole.low_24h && whole.turnover_24h_quote && whole.next_funding_at);
    EXPECT_EQ(whole.funding_interval, Nanos{std::chrono::hours{1}});

    std::set<market::TradeId> ids;
    std::map<std::uint32_t, Timestamp> last_trade;
    std::map<std::uint32_t, int> counts;
    std::vector<market::Candle> minutes;
    stream.advance(kStart + std::chrono::minutes{4}, [&](TopicId topic, std::string_view text, Timestamp at) {
        const auto frame = client.read(text, at);
        ASSERT_NE(frame.kind, exchange::bybit::FrameKind::rejected) << text << client.out.rejections.back().what;
        counts[topic.value()] += 1;
        for (const market::Event& event : client.out.events) {
            if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
                ASSERT_TRUE(ids.insert(trade->id).second) << "a trade id came twice";
                ASSERT_GE(event.exchange_time, last_trade[event.instrument.value()]);
                ASSERT_LE(event.exchange_time, at);
                last_trade[event.instrument.value()] = event.exchange_time;
            } else if (const auto* candle = std::get_if<market::Candle>(&event.body)) {
                if (candle->is_closed && stream.topic_name(topic) == "kline.1.BTCUSDT") minutes.push_back(*candle);
            }
        }
    });
    EXPECT_GT(counts[stream.topic("publicTrade.BTCUSDT").value().value()], 100);
    EXPECT_GT(counts[stream.topic("tickers.BTCUSDT").value().value()], 1000);
    ASSERT_EQ(minutes.size(), 4U);
    for (std::size_t i = 0; i < minutes.size(); ++i) {
        EXPECT_EQ(minutes[i].open_time, kStart + i * std::chrono::minutes{1});
        if (i > 0) {
            EXPECT_DOUBLE_EQ(minutes[i].open, minutes[i - 1].close);
        }
    }
}

std::string digest_of(StreamParams params, Nanos slice) {
    Stream stream(std::move(params));
    for (const std::string symbol : {"BTCUSDT", "SOLUSDT", "XRPUSDT"}) {
        for (const std::string family : {"publicTrade.", "tickers.", "kline.1.", "orderbook.50.", "orderbook.200."}) {
            stream.watch(stream.topic(std::string(family).append(symbol)).value());
        }
    }
    Digest digest;
    const Timestamp start = stream.now();
    for (Timestamp at = start; at < start + std::chrono::minutes{2};) {
        at += slice;
        stream.advance(std::min(at, start + std::chrono::minutes{2}),
                       [&](TopicId, std::string_view text, Timestamp) { digest.update(text); });
    }
    return digest.hex();
}

TEST(Stream, SameBytesWhateverTheSlices) {
    const auto recording = sample_recording();
    const std::string one = digest_of(params_of(recording), std::chrono::minutes{2});
    EXPECT_EQ(digest_of(params_of(recording), std::chrono::milliseconds{20}), one);
    EXPECT_EQ(digest_of(params_of(recording), std::chrono::milliseconds{333}), one);
    StreamParams other = params_of(recording);
    other.seed = 6;
    EXPECT_NE(digest_of(other, std::chrono::minutes{2}), one);
}

TEST(Stream, AShiftMovesTimesAndNothingElse) {
    const auto recording = sample_recording();
    Stream plain(params_of(recording));
    StreamParams moved = params_of(recording);
    moved.shift = std::chrono::hours{24 * 365};
    Stream shifted(moved);
    EXPECT_EQ(shifted.now() - plain.now(), moved.shift);
    const auto run = [](Stream& stream, std::vector<std::string>& texts) {
        Client client(stream);
        stream.watch(stream.topic("publicTrade.SOLUSDT").value());
        stream.watch(stream.topic("kline.1.SOLUSDT").value());
        stream.advance(stream.now() + std::chrono::seconds{90}, [&](TopicId, std::string_view text, Timestamp at) {
            (void)client.read(text, at);
            for (const market::Event& event : client.out.events) {
                texts.push_back(std::to_string(to_ns(event.exchange_time - stream.shift())) + " " +
                                std::to_string(event.body.index()));
                if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
                    texts.back().append(" ").append(std::to_string(trade->price.value()));
                }
                if (const auto* candle = std::get_if<market::Candle>(&event.body)) {
                    texts.back().append(" ").append(std::to_string(candle->close));
                }
            }
        });
    };
    std::vector<std::string> a, b;
    run(plain, a);
    run(shifted, b);
    EXPECT_FALSE(a.empty());
    EXPECT_EQ(a, b);
}

TEST(Stream, RefusesTopicsThatItDoesNotServe) {
    Stream stream(params_of(nullptr));
    for (const std::string topic : {"orderbook.500.BTCUSDT", "orderbook.50.btcusdt", "publicTrade.NOSUCHUSDT",
                                    "kline.7.BTCUSDT", "kline.M.BTCUSDT", "orderbook.BTCUSDT", "orderbook.50.", "",
                                    "tickers", "liquidation.BTCUSDT", "orderbook.050.BTCUSDT"}) {
        const auto found = stream.topic(topic);
        ASSERT_FALSE(found.has_value()) << topic;
        EXPECT_EQ(found.error().what, std::string("handler not found,topic:").append(topic));
    }
    EXPECT_TRUE(stream.topic("kline.W.BTCUSDT").has_value());
}

TEST(Stream, WithoutARecordingBitcoinIsGenerated) {
    Stream stream(params_of(nullptr));
    EXPECT_TRUE(stream.find("BTCUSDT").has_value());
    EXPECT_TRUE(stream.find("ETHUSDT").has_value());
    stream.advance(kStart + std::chrono::seconds{30}, {});
    EXPECT_GT(stream.symbol(*stream.find("BTCUSDT")).recent_trades.size(), 10U);
}

TEST(Stream, AlternativesFollowTheServedBitcoin) {
    const auto recording = sample_recording(60);
    ASSERT_NE(recording, nullptr);
    StreamParams params = params_of(recording);
    for (auto& symbol : params.generated) {
        symbol.idio_bps = .5;
        symbol.beta = 2;
        symbol.lag = Nanos{0};
        symbol.tick_size = Decimal{.mantissa = 1, .scale = 7};
        symbol.price = .05;
        symbol.truth = sim::Truth::none;
    }
    Stream stream(params);
    const auto middle = [&](std::size_t i) {
        const auto view = stream.symbol(i);
        return static_cast<double>(view.book.best(Side::buy)->price.value() +
                                   view.book.best(Side::sell)->price.value());
    };
    const double bitcoin = middle(0);
    const double other = middle(2);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 1; i <= 24; ++i) {
        stream.advance(kStart + i * std::chrono::seconds{5}, {});
        const double x = middle(0) / bitcoin - 1;
        const double y = middle(2) / other - 1;
        xy += x * y;
        xx += x * x;
        yy += y * y;
    }
    EXPECT_GT(xy / std::sqrt(xx * yy), .9);
    EXPECT_NEAR(xy / xx, 2, .6);
}

}  // namespace
}  // namespace vt::demo
