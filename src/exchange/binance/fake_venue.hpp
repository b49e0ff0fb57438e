#pragma once

// Binance in virtual time, and a feed that talks to it: for tests only. Sockets open and answer at the next step; the
// market changes every 100 ms. `trouble` decides what becomes of each frame on its way to the feed.

#include "base/prng.hpp"
#include "exchange/binance/feed.hpp"
#include "exchange/test_market.hpp"
#include "market/order_book.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace vt::exchange::binance {

/// One symbol of one market: a small book that changes, and prints.
class FakeSymbol {
public:
    using Side = std::map<std::int64_t, std::int64_t>;  // ticks -> lots
    struct Book {
        Side bids, asks;
        bool operator==(const Book&) const = default;
    };

    FakeSymbol(std::string name, Site site, std::uint64_t seed)
        : prng_(seed, name), name_(std::move(name)), is_spot_(site == Site::binance_spot) {
        for (std::int64_t i = 0; i < 5; ++i) {
            book_.bids[9'999 - i] = 1000;
            book_.asks[10'001 + i] = 1000;
        }
        history_[last_] = book_;
    }

    /// A step of 100 ms: changes some levels and prints once. The frames by stream.
    std::vector<std::pair<std::string, std::string>> step(Timestamp now, bool is_market_route_due) {
        const std::uint64_t before = last_;
        const std::uint64_t first = before + 1 + (is_spot_ ? 0 : prng_.below(5));
        last_ = first + prng_.below(4);
        Side bids, asks;
        for (int i = 0; i < 2; ++i) {
            const bool is_bid = prng_.below(2) == 0;
            const auto distance = static_cast<std::int64_t>(prng_.below(5));
            Side& side = is_bid ? book_.bids : book_.asks;
            const std::int64_t price = is_bid ? 9'999 - distance : 10'001 + distance;
            const bool is_removed = side.size() > 1 && prng_.below(3) == 0;
            const std::int64_t size = is_removed ? 0 : 1000 * (1 + static_cast<std::int64_t>(prng_.below(9)));
            (is_bid ? bids : asks)[price] = size;
            if (size == 0)
                side.erase(price);
            else
                side[price] = size;
        }
        history_[last_] = book_;
        while (history_.size() > 4000) history_.erase(history_.begin());
        ++trade_;
        const std::string time = std::to_string(to_ms(now));
        const std::string tail = R"(,"s":")" + name_ + "\"";
        std::vector<std::pair<std::string, std::string>> frames;
        const std::string previous = is_spot_ ? "" : R"(,"T":)" + time + R"(,"pu":)" + std::to_string(before);
        frames.emplace_back("depth@100ms", R"({"e":"depthUpdate","E":)" + time + tail + previous + R"(,"U":)" +
                                               std::to_string(first) + R"(,"u":)" + std::to_string(last_) +
                                               R"(,"b":[)" + levels(bids) + R"(],"a":[)" + levels(asks) + "]}");
        frames.emplace_back("trade", R"({"e":"trade","E":)" + time + R"(,"T":)" + time + tail + R"(,"t":)" +
                                         std::to_string(trade_) + R"(,"p":")" + price(10'001) +
                                         R"(","q":"1.00","X":"MARKET","m":false})");
        const std::string stamps = is_spot_ ? "" : R"("e":"bookTicker","T":)" + time + ",";
        frames.emplace_back("bookTicker", "{" + stamps + R"("u":)" + std::to_string(last_) + tail + R"(,"b":")" +
                                              price(book_.bids.rbegin()->first) + R"(","B":"1.00","a":")" +
                                              price(book_.asks.begin()->first) + R"(","A":"1.00"})");
        if (!is_market_route_due) return frames;
        frames.emplace_back("markPrice@1s", R"({"e":"markPriceUpdate","E":)" + time + tail +
                                                R"(,"p":"1000.1","i":"1000","r":"0.0001","T":1800000000000})");
        frames.emplace_back("ticker", R"({"e":"24hrTicker","E":)" + time + tail +
                                          R"(,"P":"1","c":"1000.1","o":"1","h":"1","l":"1","v":"1","q":"1"})");
        const std::string minute = std::to_string(to_ms(floor_to(now, std::chrono::minutes{1})));
        frames.emplace_back("kline_1m",
                            R"({"e":"kline","E":)" + time + tail + R"(,"k":{"t":)" + minute +
                                R"(,"i":"1m","o":"1","h":"1","l":"1","c":"1","v":"1","q":"1","x":false}})");
        return frames;
    }
    [[nodiscard]] std::string snapshot(Timestamp now) const {
        const std::string time = std::to_string(to_ms(now));
        const std::string stamps = is_spot_ ? "" : R"("E":)" + time + R"(,"T":)" + time + ",";
        return "{" + stamps + R"("lastUpdateId":)" + std::to_string(last_) + R"(,"bids":[)" + levels(book_.bids) +
               R"(],"asks":[)" + levels(book_.asks) + "]}";
    }
    [[nodiscard]] bool had(std::uint64_t update_id, const Book& book) const {
        const auto found = history_.find(update_id);
        return found == history_.end() || found->second == book;  // too old to be remembered: nothing to compare
    }
    [[nodiscard]] std::uint64_t last() const { return last_; }
    [[nodiscard]] std::uint64_t last_trade() const { return trade_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string stream(const std::string& kind) const {
        std::string text = name_;
        std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c < 'a' ? char(c + 32) : c; });
        return text + "@" + kind;
    }
    /// Lots are counted in thousandths here; prices in tenths.
    static std::string levels(const Side& side) {
        std::string out;
        for (const auto& [ticks, lots] : side) {
            if (!out.empty()) out += ',';
            out += "[\"" + price(ticks) + "\",\"" + format_steps(lots, {1, 3}) + "\"]";
        }
        return out;
    }

private:
    static std::string price(std::int64_t ticks) { return format_steps(ticks, {1, 1}); }

    Prng prng_;
    std::string name_;
    bool is_spot_;
    Book book_;
    std::uint64_t last_ = 5000;
    std::uint64_t trade_ = 100;
    std::map<std::uint64_t, Book> history_;
};

/// What becomes of one frame: the texts that arrive now.
using Trouble = std::function<std::vector<std::string>(ConnectionId, const std::string& text)>;

class FakeVenue {
public:
    explicit FakeVenue(FeedParams params, Timestamp start = from_ms(1'782'864'000'000))
        : now(start), feed(std::move(params), directory) {}

    static FeedParams params_for(std::vector<std::string> futures, std::vector<std::string> spot = {}) {
        FeedParams params;
        params.futures = {.is_followed = !futures.empty(), .symbols = std::move(futures)};
        params.spot = {.is_followed = !spot.empty(), .symbols = std::move(spot)};
        params.backfill = {.minutes_1 = 3,
                           .minutes_5 = 0,
                           .minutes_30 = 0,
                           .hours_4 = 0,
                           .open_interest = 2,
                           .account_ratio = 2,
                           .funding = 2};
        return params;
    }

    void start() {
        for (const std::string name : {"BTCUSDT", "ETHUSDT"}) {
            symbols.emplace(std::pair(Site::binance_futures, name), FakeSymbol(name, Site::binance_futures, 1));
            symbols.emplace(std::pair(Site::binance_spot, name), FakeSymbol(name, Site::binance_spot, 2));
        }
        act([&] { feed.start(now, out); });
    }
    void run(Nanos duration, Nanos step = std::chrono::milliseconds{100}) {
        for (const Timestamp until = now + duration; now < until;) {
            now += step;
            market_step();
            act([&] { feed.on_tick(now, out); });
        }
    }
    void kill(ConnectionId connection) {
        if (sockets.erase(connection) == 0) return;
        act([&] { feed.on_close(connection, "1006", now, out); });
    }
    [[gnu::noinline]] void act(const std::function<void()>& call) {
        out.clear();
        call();
        for (const Listed& listed : out.listings) directory.list(listed.instrument);
        std::vector<market::InstrumentId> crossed;
        for (const market::Event& event : out.events) follow(event, crossed);
        for (const StreamChanged& change : out.changes) changes.push_back(change);
        for (const Rejected& rejection : out.rejections)
            rejections.push_back(rejection.source + ": " + rejection.what);
        const std::vector<Action> actions = out.actions;
        for (const Action& action : actions) {
            std::visit([&](const auto& one) { perform(one); }, action);
        }
        for (const market::InstrumentId id : crossed) act([&] { feed.on_book_crossed(id, now, out); });
    }
    [[nodiscard]] StreamState state(market::InstrumentId id, market::Stream stream) const {
        for (const StreamStatus& row : feed.streams()) {
            if (row.instrument == id && row.stream == stream) return row.state;
        }
        return StreamState::down;
    }
    [[nodiscard]] std::string not_live() const {
        std::string text;
        for (const StreamStatus& row : feed.streams()) {
            if (row.state == StreamState::live) continue;
            text += directory[row.instrument].path_id() + " " + std::string(market::name(row.stream)) + " " +
                    std::string(name(row.state));
            for (const StreamChanged& change : changes) {
                if (change.instrument == row.instrument && change.stream == row.stream) text += ", " + change.reason;
            }
            text += "\n";
        }
        return text;
    }
    [[nodiscard]] bool is_all_live() const {
        return !feed.streams().empty() && std::all_of(feed.streams().begin(), feed.streams().end(),
                                                      [](const auto& row) { return row.state == StreamState::live; });
    }
    /// Every book is valid and at most a step behind the venue's.
    [[nodiscard]] bool are_books_current() const {
        for (const auto& [id, book] : books) {
            const market::Instrument& one = directory[id];
            const Site site = one.category == market::Category::spot ? Site::binance_spot : Site::binance_futures;
            if (!book.is_valid() || book.update_id() != symbols.at({site, one.symbol}).last()) return false;
        }
        return !books.empty();
    }
    [[nodiscard]] std::vector<ConnectionId> open_sockets() const {
        std::vector<ConnectionId> ids;
        for (const auto& [id, socket] : sockets) ids.push_back(id);
        return ids;
    }

    struct Socket {
        Site site = Site::binance_futures;
        std::string path;
        std::set<std::string> streams;
    };
    struct Prints {
        std::uint64_t last = 0, count = 0, missing = 0, repeated = 0;
    };

    Timestamp now;
    market::InstrumentDirectory directory;
    Feed feed;
    Output out;
    std::map<std::pair<Site, std::string>, FakeSymbol> symbols;
    std::map<ConnectionId, Socket> sockets;
    std::map<market::InstrumentId, market::OrderBook> books;
    std::map<market::InstrumentId, Prints> prints;
    std::map<std::string, std::uint64_t> counts;      ///< events by kind
    std::map<market::RatioOf, double> newest_ratios;  ///< long shares
    std::vector<StreamChanged> changes;
    std::vector<std::string> rejections;
    std::vector<std::string> targets;                 ///< REST requests
    std::map<Site, std::vector<Timestamp>> connects;  ///< when each Connect was asked for
    std::vector<std::string> controls;                ///< SendText
    std::map<std::string, int> failing;               ///< REST path -> how often it still fails
    std::string failure_body = R"({"code":-1001,"msg":"Internal error"})";
    int failure_status = 500;
    std::string failure_headers;
    std::string interest = "0.00010000";  ///< of BTCUSDT
    std::set<std::string> silent_paths;   ///< routes that acknowledge and say nothing
    std::set<std::string> refused_streams;
    bool is_refusing_connections = false;
    Trouble trouble;

private:
    [[gnu::noinline]] void market_step() {
        const bool is_second = floor_to(now, std::chrono::seconds{1}) == now;
        for (auto& [key, symbol] : symbols) {
            for (const auto& [kind, text] : symbol.step(now, is_second)) {
                const std::string stream = symbol.stream(kind);
                for (const ConnectionId id : open_sockets()) {
                    const auto socket = sockets.find(id);
                    if (socket == sockets.end() || socket->second.site != key.first) continue;
                    if (!socket->second.streams.contains(stream) || silent_paths.contains(socket->second.path))
                        continue;
                    if (!serves(socket->second.path, kind)) continue;
                    deliver(id, text);
                }
            }
        }
    }
    /// A route delivers only its own streams, although it acknowledges all.
    static bool serves(const std::string& path, const std::string& kind) {
        const bool is_public = kind == "depth@100ms" || kind == "trade" || kind == "bookTicker";
        return path == "/ws" || (path == "/public/ws") == is_public;
    }
    [[gnu::noinline]] void deliver(ConnectionId id, const std::string& text) {
        for (const std::string& one : trouble ? trouble(id, text) : std::vector<std::string>{text})
            act([&] { feed.on_text(id, one, now, 1, out); });
    }
    [[gnu::noinline]] void follow(const market::Event& event, std::vector<market::InstrumentId>& crossed) {
        market::OrderBook& book = books[event.instrument];
        if (const auto* update = std::get_if<market::BookUpdate>(&event.body)) {
            ++counts["book"];
            if (book.apply(*update) == market::ApplyResult::crossed) crossed.push_back(event.instrument);
            check(event.instrument);
        } else if (std::holds_alternative<market::BookInvalid>(event.body)) {
            ++counts["invalid"];
            book.invalidate();
        } else if (const auto* trade = std::get_if<market::Trade>(&event.body)) {
            Prints& seen = prints[event.instrument];
            ++seen.count;
            if (seen.last > 0 && trade->id.low <= seen.last) ++seen.repeated;
            if (seen.last > 0 && trade->id.low > seen.last + 1) seen.missing += trade->id.low - seen.last - 1;
            seen.last = std::max(seen.last, trade->id.low);
        } else if (std::holds_alternative<market::Ticker>(event.body)) {
            ++counts["ticker"];
        } else if (std::holds_alternative<market::Candle>(event.body)) {
            ++counts["candle"];
        } else if (std::holds_alternative<market::OpenInterestSample>(event.body)) {
            ++counts["sample"];
        } else if (const auto* ratio = std::get_if<market::LongShortRatio>(&event.body)) {
            ++counts["ratio"];
            newest_ratios[ratio->of] = ratio->long_share;
        } else if (std::holds_alternative<market::FundingSettlement>(event.body)) {
            ++counts["settlement"];
        }
    }
    [[gnu::noinline]] void check(market::InstrumentId id) {
        const market::OrderBook& book = books[id];
        if (!book.is_valid()) return;
        const market::Instrument& one = directory[id];
        const bool is_spot = one.category == market::Category::spot;
        FakeSymbol::Book held;
        // The fake counts prices in tenths and quantities in thousandths, whatever the instrument's steps are.
        const std::int64_t price_step = is_spot ? 10 : 1;
        const std::int64_t lot_step = is_spot ? 100'000 : 1;
        const auto into = [&](FakeSymbol::Side& side) {
            return [&](const market::Level& level) {
                side[level.price.value() / price_step] = level.quantity.value() / lot_step;
                return true;
            };
        };
        book.walk(market::Side::buy, into(held.bids));
        book.walk(market::Side::sell, into(held.asks));
        const FakeSymbol& symbol = symbols.at({is_spot ? Site::binance_spot : Site::binance_futures, one.symbol});
        if (!symbol.had(book.update_id(), held)) ADD_FAILURE() << one.path_id() << " differs at " << book.update_id();
    }

    [[gnu::noinline]] void perform(const Connect& connect) {
        connects[connect.site].push_back(now);
        if (is_refusing_connections) {
            act([&] { feed.on_close(connect.connection, "refused", now, out); });
            return;
        }
        sockets[connect.connection] = {connect.site, connect.path, {}};
        act([&] { feed.on_open(connect.connection, now, out); });
    }
    [[gnu::noinline]] void perform(const Disconnect& disconnect) {
        if (sockets.erase(disconnect.connection) > 0)
            act([&] { feed.on_close(disconnect.connection, disconnect.reason, now, out); });
    }
    [[gnu::noinline]] void perform(const SendText& send) {
        controls.push_back(send.text);
        const auto socket = sockets.find(send.connection);
        if (socket == sockets.end()) return;
        const std::string id = send.text.substr(send.text.find("\"id\":"));
        bool is_refused = false;
        std::set<std::string> names;
        for (std::size_t at = send.text.find('['); at != std::string::npos;) {
            const std::size_t begin = send.text.find('"', at);
            if (begin == std::string::npos || send.text.compare(begin, 5, "\"id\":") == 0) break;
            const std::size_t end = send.text.find('"', begin + 1);
            names.insert(send.text.substr(begin + 1, end - begin - 1));
            at = end + 1;
        }
        for (const std::string& name : names) is_refused |= refused_streams.contains(name);
        if (is_refused) {
            act([&] {
                feed.on_text(send.connection, R"({"error":{"code":2,"msg":"Invalid request"},)" + id, now, 1, out);
            });
            return;
        }
        const bool is_removal = send.text.find("UNSUBSCRIBE") != std::string::npos;
        for (const std::string& name : names) {
            if (is_removal)
                socket->second.streams.erase(name);
            else
                socket->second.streams.insert(name);
        }
        act([&] { feed.on_text(send.connection, R"({"result":null,)" + id, now, 1, out); });
    }
    [[gnu::noinline]] void perform(const HttpGet& get) {
        targets.push_back(get.target);
        const std::string path = get.target.substr(0, get.target.find('?'));
        const auto failure = failing.find(path);
        const bool fails = failure != failing.end() && failure->second > 0;
        if (fails) --failure->second;
        const std::string body = fails ? failure_body : answer(get, path);
        const std::string headers = fails ? failure_headers : "";
        HttpReply reply{.request = get.request,
                        .status = fails ? failure_status : 200,
                        .sent = now,
                        .body = body,
                        .headers = headers};
        act([&] { feed.on_reply(reply, now, 1, out); });
    }
    [[nodiscard]] std::string answer(const HttpGet& get, const std::string& path) const {
        const std::string time = std::to_string(to_ms(now));
        const std::size_t at = get.target.find("symbol=");
        const std::string symbol =
            at == std::string::npos ? "" : get.target.substr(at + 7, get.target.find('&', at) - at - 7);
        const auto is = [&](std::string_view end) { return path.ends_with(end); };
        if (is("/time")) return R"({"serverTime":)" + time + "}";
        if (is("/exchangeInfo")) return catalogue(get.site);
        if (is("/fundingInfo")) return R"([{"symbol":"ETHUSDT","fundingIntervalHours":4}])";
        if (is("/premiumIndex")) {
            return R"([{"symbol":"BTCUSDT","markPrice":"1","lastFundingRate":"0","interestRate":")" + interest +
                   R"(","nextFundingTime":)" + time + R"(,"time":)" + time + "}]";
        }
        if (is("/ticker/24hr"))
            return R"([{"symbol":"BTCUSDT","quoteVolume":"2000"},{"symbol":"ETHUSDT","quoteVolume":"1000"}])";
        if (is("/depth")) return symbols.at({get.site, symbol}).snapshot(now);
        if (is("/klines")) {
            const std::size_t from = get.target.find("startTime=") + 10;
            return "[[" + get.target.substr(from, get.target.find('&', from) - from) +
                   R"(,"1","2","1","1.5","10",0,"15",1,"1","1","0"]])";
        }
        if (is("/openInterest")) return R"({"symbol":")" + symbol + R"(","openInterest":"5","time":)" + time + "}";
        if (is("/openInterestHist"))
            return R"([{"symbol":")" + symbol + R"(","sumOpenInterest":"5","timestamp":)" + time + "}]";
        const auto ratio = [&](const char* long_share, const char* short_share) {
            return R"([{"symbol":")" + symbol + R"(","longAccount":")" + long_share + R"(","shortAccount":")" +
                   short_share + R"(","timestamp":)" + time + "}]";
        };
        if (is("/globalLongShortAccountRatio")) return ratio("0.6", "0.4");
        if (is("/topLongShortAccountRatio")) return ratio("0.45", "0.55");
        if (is("/topLongShortPositionRatio")) return ratio("0.3", "0.7");
        if (is("/fundingRate"))
            return R"([{"symbol":")" + symbol + R"(","fundingRate":"0.0001","fundingTime":)" + time + "}]";
        return R"({"code":-1121,"msg":"Invalid symbol."})";
    }
    static std::string catalogue(Site site) {
        const bool is_spot = site == Site::binance_spot;
        std::string text = R"({"rateLimits":[],"symbols":[)";
        for (const std::string base : {"BTC", "ETH"}) {
            if (base == "ETH") text += ',';
            text += R"({"symbol":")" + base + R"(USDT","status":"TRADING","contractType":"PERPETUAL","baseAsset":")" +
                    base + R"(","quoteAsset":"USDT","marginAsset":"USDT","baseAssetPrecision":8,"filters":[)" +
                    R"({"filterType":"PRICE_FILTER","tickSize":")" + (is_spot ? "0.01" : "0.10") +
                    R"("},{"filterType":"LOT_SIZE","stepSize":"0.001"}]})";
        }
        return text + "]}";
    }
};

}  // namespace vt::exchange::binance
