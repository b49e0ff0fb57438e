#include "api/hub.hpp"

#include "base/prng.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <deque>

namespace vt::api {
namespace {

namespace dom = simdjson::dom;

std::string text_of(dom::element element) { return simdjson::minify(element); }

/// What a browser makes of the messages, written from the contract: assignment, null is a value.
class BrowserModel {
public:
    void apply(const std::string& message) {
        dom::parser parser;
        const dom::element document = parser.parse(message);
        const std::string type(document["type"].get_string().value());
        if (type == "hello") run = std::string(document["run"].get_string().value());
        if (type == "error") ++errors;
        if (type != "snapshot" && type != "delta") return;
        const std::string topic(document["topic"].get_string().value());
        if (type == "delta") {
            EXPECT_EQ(document["since"].get_uint64().value(), known[topic]) << topic;
            ++deltas;
        } else {
            ++snapshots;
            state.erase(topic);
        }
        known[topic] = document["seq"].get_uint64().value();
        merge(topic, document["data"]);
    }

    /// topic -> path -> value
    std::map<std::string, std::map<std::string, std::string>> state;
    std::map<std::string, std::uint64_t> known;
    std::string run;
    int snapshots = 0, deltas = 0, errors = 0;

private:
    void merge(const std::string& topic, dom::element data) {
        auto& values = state[topic];
        if (topic == "overview") {
            for (const auto& [name, value] : data.get_object()) {
                if (name == "symbols") {
                    for (const dom::element row : value.get_array()) {
                        const std::string id(row["id"].get_string().value());
                        for (const auto& [field, content] : row.get_object())
                            values["row " + id + " " + std::string(field)] = text_of(content);
                    }
                } else if (name == "market_overview") {
                    for (const auto& [field, content] : value.get_object())
                        values["market " + std::string(field)] = text_of(content);
                } else if (name != "removed") {
                    values[std::string(name)] = text_of(value);
                }
            }
        } else if (topic.starts_with("candles.") || topic.starts_with("trades.")) {
            const std::string member = topic.starts_with("candles.") ? "candles" : "trades";
            for (const dom::element entry : data[member].get_array()) {
                const dom::array parts = entry.get_array();
                const std::string key = member == "candles" ? text_of(parts.at(0)) : text_of(entry);
                values[key] = text_of(entry);
            }
        } else {
            values["document"] = text_of(data);
        }
    }
};

struct Link {
    BrowserModel* browser = nullptr;
    std::deque<std::string> on_the_way;  ///< sent, not yet read by the browser
    ReaderId id = 0;
    bool is_connected = false;
};

market::Instrument instrument(std::uint32_t id) {
    const std::string base = "C" + std::to_string(id);
    return {.id = market::InstrumentId{id},
            .symbol = base + "USDT",
            .base = base,
            .quote = "USDT",
            .settle = "USDT",
            .tick_size = {1, 2},
            .lot_size = {1, 3}};
}

views::Row unscored_row(std::uint32_t id) {
    return {.instrument = instrument(id), .score = std::make_shared<const confluence::ScoreRecord>()};
}

/// A market of three symbols that changes a little at each step.
class Pictures {
public:
    Pictures() : rows_(3), prices_{100, 200, 300} {
        for (std::uint32_t i = 0; i < 3; ++i) rows_[i] = unscored_row(i);
    }
    std::shared_ptr<const views::Snapshot> next(Prng& prng) {
        auto picture = std::make_shared<views::Snapshot>();
        ++step_;
        picture->at = from_ms(1'000'000 + 100 * step_);
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (prng.below(2) == 0) prices_[i] += static_cast<double>(prng.below(11)) - 5;
            if (prng.below(4) == 0) rows_[i].price = prices_[i];
            if (prng.below(20) == 0) rows_[i].price.reset();
            auto detail = std::make_shared<views::SymbolDetail>();
            detail->book.bids.push_back({Ticks{static_cast<std::int64_t>(prices_[i])}, Lots{1}});
            for (auto& candles : detail->candles)
                candles.closed = std::make_shared<const std::vector<market::Candle>>();
            detail->candles[0].open = market::Candle{.open_time = from_ms(60'000 * (step_ / 20)),
                                                     .interval = std::chrono::minutes{1},
                                                     .close = prices_[i]};
            detail->trades.push_back(
                {.at = picture->at,
                 .trade = {.price = Ticks{static_cast<std::int64_t>(prices_[i])}, .quantity = Lots{1}},
                 .sequence = static_cast<std::uint64_t>(step_)});
            picture->details.push_back(detail);
        }
        picture->rows = rows_;
        return picture;
    }

private:
    std::vector<views::Row> rows_;
    std::array<double, 3> prices_;
    std::int64_t step_ = 0;
};

const std::vector<std::string> kTopics = {"overview", "system", "book.bybit-linear-C0USDT",
                                          "score.bybit-linear-C1USDT", "candles.bybit-linear-C2USDT.1m"};

std::string subscribe_message(const BrowserModel& browser) {
    JsonWriter out;
    out.begin_object().field("op", "subscribe").key("topics").begin_array();
    for (const std::string& topic : kTopics) out.value(topic);
    out.end_array().key("since").begin_object();
    for (const auto& [topic, sequence] : browser.known) out.field(topic, sequence);
    out.end_object().field("run", browser.run).end_object();
    return out.take();
}

void connect(Hub& hub, Link& link, BrowserModel& browser) {
    link.browser = &browser;
    link.on_the_way.clear();
    link.is_connected = true;
    Link* const raw = &link;
    link.id = hub.connect({.send =
                               [raw](std::shared_ptr<const std::string> message) {
                                   raw->on_the_way.push_back(*message);
                                   return true;
                               },
                           .pending = [raw] { return raw->on_the_way.size(); }},
                          from_ms(1));
    hub.receive(link.id, subscribe_message(browser), from_ms(1));
}

void read_all(Hub& hub, Link& link) {
    while (!link.on_the_way.empty()) {
        link.browser->apply(link.on_the_way.front());
        link.on_the_way.pop_front();
        if (link.on_the_way.empty()) hub.writable(link.id, from_ms(1));
    }
}

}  // namespace

TEST(Hub, AThousandDisconnectsEndWhereOneWhoNeverLeftIs) {
    Prng prng(2026);
    Topics topics{confluence::Params{}};
    Hub hub(topics, "run-1", views::MarketMode::demo);
    Pictures pictures;
    topics.publish(pictures.next(prng));
    BrowserModel steady, restless;
    Link steady_link, restless_link;
    connect(hub, steady_link, steady);
    connect(hub, restless_link, restless);
    int disconnects = 0;
    std::size_t most_waiting = 0;
    while (disconnects < 1000) {
        topics.publish(pictures.next(prng));
        hub.flush(from_ms(2));
        read_all(hub, steady_link);
        if (restless_link.is_connected) {
            most_waiting = std::max(most_waiting, restless_link.on_the_way.size());
            if (prng.below(3) == 0) read_all(hub, restless_link);
            if (prng.below(3) == 0) {  // cut off, with whatever was on the way lost
                hub.disconnect(restless_link.id);
                restless_link.is_connected = false;
                ++disconnects;
            }
        } else if (prng.below(2) == 0) {
            connect(hub, restless_link, restless);
        }
    }
    if (!restless_link.is_connected) connect(hub, restless_link, restless);
    read_all(hub, restless_link);
    topics.publish(pictures.next(prng));
    hub.flush(from_ms(3));
    read_all(hub, steady_link);
    read_all(hub, restless_link);
    for (const std::string& topic : kTopics) EXPECT_EQ(steady.state[topic], restless.state[topic]) << topic;
    EXPECT_LE(most_waiting, kTopics.size() + 1) << "never more than one message of a topic on its way";
    EXPECT_GT(restless.deltas, 100);
    EXPECT_LT(restless.snapshots, 60) << "a resume costs a difference, not everything";
}

TEST(Hub, ASlowReaderGetsOneDifferenceForAll) {
    Prng prng(1);
    Topics topics{confluence::Params{}};
    Hub hub(topics, "run-1", views::MarketMode::demo);
    Pictures pictures;
    topics.publish(pictures.next(prng));
    BrowserModel slow, quick;
    Link slow_link, quick_link;
    connect(hub, slow_link, slow);
    connect(hub, quick_link, quick);
    read_all(hub, slow_link);
    read_all(hub, quick_link);
    const int before = slow.deltas;
    for (int i = 0; i < 200; ++i) {
        topics.publish(pictures.next(prng));
        hub.flush(from_ms(i));
        read_all(hub, quick_link);
    }
    read_all(hub, slow_link);
    EXPECT_LE(slow.deltas - before, 2 * static_cast<int>(kTopics.size()));
    for (const std::string& topic : kTopics) EXPECT_EQ(slow.state[topic], quick.state[topic]) << topic;
}

TEST(Hub, AnotherRunsNumbersMeanNothing) {
    Prng prng(1);
    Topics topics{confluence::Params{}};
    Hub hub(topics, "run-2", views::MarketMode::demo);
    Pictures pictures;
    topics.publish(pictures.next(prng));
    BrowserModel browser;
    browser.run = "run-1";
    for (const std::string& topic : kTopics) browser.known[topic] = 1;
    Link link;
    connect(hub, link, browser);
    read_all(hub, link);
    EXPECT_EQ(browser.snapshots, static_cast<int>(kTopics.size()));
    EXPECT_EQ(browser.deltas, 0);
}

TEST(Hub, AWrongMessageIsAnsweredAndChangesNothing) {
    Prng prng(1);
    Topics topics{confluence::Params{}};
    Hub hub(topics, "run-1", views::MarketMode::demo);
    Pictures pictures;
    topics.publish(pictures.next(prng));
    BrowserModel browser;
    Link link;
    connect(hub, link, browser);
    read_all(hub, link);
    const std::vector<std::string> wrong = {"",
                                            "nonsense",
                                            "[]",
                                            "{}",
                                            R"({"op":7})",
                                            R"({"op":"fly"})",
                                            R"({"op":"subscribe"})",
                                            R"({"op":"subscribe","topics":"overview"})",
                                            R"({"op":"subscribe","topics":[1]})",
                                            R"({"op":"subscribe","topics":["overview"],"since":{"overview":-1}})",
                                            R"({"op":"subscribe","topics":["weather"]})",
                                            R"({"op":"subscribe","topics":["book.bybit-linear-NOPE"]})",
                                            R"({"op":"subscribe","topics":["candles.bybit-linear-C0USDT.7m"]})",
                                            R"({"op":"painted"})",
                                            R"({"op":"painted","seq":-1})",
                                            R"({"op":"ping","id":"x"})"};
    for (const std::string& message : wrong) {
        const int before = browser.errors;
        hub.receive(link.id, message, from_ms(1));
        read_all(hub, link);
        EXPECT_EQ(browser.errors, before + 1) << message;
    }
    topics.publish(pictures.next(prng));
    hub.flush(from_ms(2));
    read_all(hub, link);
    EXPECT_GT(browser.deltas, 0) << "the connection goes on";
}

TEST(Hub, WhereThereAreNoJobsThereIsNoTopicOfThem) {
    Prng prng(1);
    Pictures pictures;
    Topics without{confluence::Params{}};
    Topics with{confluence::Params{}, [] { return std::vector<Job>{}; }};
    for (Topics* const topics : {&without, &with}) topics->publish(pictures.next(prng));
    EXPECT_FALSE(without.follow("jobs"));
    const auto unknown = without.follow("weather");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().what.find("jobs"), std::string::npos) << "it is not offered";
    ASSERT_TRUE(with.follow("jobs"));
    EXPECT_EQ(with.snapshot_of("jobs"), R"({"jobs":[]})");
    EXPECT_FALSE(with.update_jobs()) << "nothing is news";
}

TEST(Hub, APageSaysWhatItPaintedOfTheOverviewThatItFollows) {
    for (const auto mode : {views::MarketMode::demo, views::MarketMode::replay}) {
        Topics topics{confluence::Params{}};
        Hub hub(topics, "run-1", mode);
        std::vector<Nanos> ways;
        hub.on_painted([&](Nanos way) { ways.push_back(way); });
        Prng prng(5);
        Pictures pictures;
        const auto picture = pictures.next(prng);
        topics.publish(picture);
        hub.flush(picture->at + std::chrono::milliseconds{3});
        BrowserModel browser;
        Link link;
        connect(hub, link, browser);
        read_all(hub, link);
        hub.receive(link.id, R"({"op":"unsubscribe","topics":["overview"]})", from_ms(1));
        const Timestamp painted_at = picture->at + std::chrono::milliseconds{40};
        hub.receive(link.id, R"({"op":"painted","seq":1})", painted_at);
        EXPECT_TRUE(ways.empty()) << "it follows nothing";
        hub.receive(link.id, R"({"op":"subscribe","topics":["overview"]})", painted_at);
        read_all(hub, link);
        hub.receive(link.id, R"({"op":"painted","seq":2})", painted_at);
        EXPECT_TRUE(ways.empty()) << "there is none yet";
        hub.receive(link.id, R"({"op":"painted","seq":1})", painted_at);
        hub.receive(link.id, R"({"op":"painted","seq":1})", painted_at + std::chrono::seconds{1});
        const std::vector<Nanos> once{std::chrono::milliseconds{40}};
        EXPECT_EQ(ways, mode == views::MarketMode::demo ? once : std::vector<Nanos>{}) << "a replay's inputs are old";
        read_all(hub, link);
        EXPECT_EQ(browser.errors, 0) << "a word that does not count is no fault";
    }
}

TEST(Hub, AConnectionFollowsAtMost64Topics) {
    Topics topics{confluence::Params{}};
    Hub hub(topics, "run-1", views::MarketMode::demo);
    auto picture = std::make_shared<views::Snapshot>();
    for (std::uint32_t i = 0; i < 80; ++i) {
        picture->rows.push_back(unscored_row(i));
        auto detail = std::make_shared<views::SymbolDetail>();
        for (auto& candles : detail->candles) candles.closed = std::make_shared<const std::vector<market::Candle>>();
        picture->details.push_back(detail);
    }
    topics.publish(picture);
    BrowserModel browser;
    Link link;
    link.browser = &browser;
    Link* const raw = &link;
    link.id = hub.connect({.send =
                               [raw](std::shared_ptr<const std::string> message) {
                                   raw->on_the_way.push_back(*message);
                                   return true;
                               },
                           .pending = [] { return std::size_t{0}; }},
                          from_ms(1));
    for (int i = 0; i < 80; ++i)
        hub.receive(link.id, R"({"op":"subscribe","topics":["book.bybit-linear-C)" + std::to_string(i) + R"(USDT"]})",
                    from_ms(1));
    for (const std::string& message : link.on_the_way) browser.apply(message);
    EXPECT_EQ(browser.snapshots, 64);
    EXPECT_EQ(browser.errors, 16);
}

}  // namespace vt::api
