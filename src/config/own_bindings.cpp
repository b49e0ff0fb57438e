#include "config/binding.hpp"
#include "net/proxy.hpp"
#include "net/url.hpp"
#include "records/database_url.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace vt::config {
namespace {

/// A book depth that the venue publishes and that is deep enough to score.
template <class Field>
Binding book_depth(Knob knob, Field field) {
    Binding binding = whole_number(knob, field, 0, 1'000'000);
    binding.set = [=](Config& config, const Value& value) -> Result<void> {
        const auto* number = std::get_if<std::int64_t>(&value);
        if (number == nullptr || (*number != 50 && *number != 200 && *number != 1000))
            return fail(Errc::configuration, "must be 50, 200 or 1000: the venue publishes no other depths");
        field(config) = static_cast<std::uint32_t>(*number);
        return {};
    };
    return binding;
}

/// Some of linear, inverse and spot, each once.
bool are_categories(const Texts& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] != "linear" && names[i] != "inverse" && names[i] != "spot") return false;
        if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
            names.begin() + static_cast<std::ptrdiff_t>(i))
            return false;
    }
    return !names.empty();
}

/// Some of futures and spot, each once, or none.
bool are_binance_markets(const Texts& names) {
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return (name == "futures" || name == "spot") && std::count(names.begin(), names.end(), name) == 1;
    });
}

bool anything(const std::string& /*text*/) { return true; }
bool is_proxy(const std::string& given) { return given.empty() || net::parse_proxy(given).has_value(); }
bool is_venue_proxy(const std::string& given) { return given == "direct" || is_proxy(given); }
bool is_local_address(const std::string& given) {
    return given.empty() || given.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos;
}
constexpr std::string_view kProxyForm =
    "http://[user:password@]host:port, socks5://[user:password@]host:port, or empty";

/// A proxy, which is shown without its password.
template <class Field>
Binding proxy(Knob knob, Field field, bool (*accepts)(const std::string&)) {
    Binding binding = text(knob, field, accepts, std::string(kProxyForm));
    hide(binding, [=](const Config& config) {
        return quoted_text(net::without_password(field(const_cast<Config&>(config))));
    });
    return binding;
}

bool is_database(const std::string& given) {
    return given.empty() || given == "off" || records::parse_database_url(given).has_value();
}

/// The address of a database, which is shown without its password.
template <class Field>
Binding database(Knob knob, Field field) {
    Binding binding =
        text(knob, field, is_database, "sqlite:///path/file.db, postgresql://user:password@host/name, off, or empty");
    hide(binding, [=](const Config& config) {
        return quoted_text(records::without_password(field(const_cast<Config&>(config))));
    });
    binding.knob.has_file_variable = true;
    return binding;
}

/// An http(s) address as the client takes it: with a host, and without a user, whose password would be shown.
bool is_web_address(const std::string& given) {
    if (given.empty()) return true;
    const Result<net::Url> url = net::parse_url(given);
    return url && (url->scheme == "http" || url->scheme == "https");
}

bool is_level(const std::string& level) {
    return level == "debug" || level == "info" || level == "warn" || level == "error";
}
std::function<bool(const std::string&)> starts_with(std::string prefix) {
    return [prefix = std::move(prefix)](const std::string& given) { return given.starts_with(prefix); };
}

}  // namespace

std::vector<Binding> own_bindings() {
    return {
        text_list({"market.symbols", "", "exactly these symbols; empty takes the largest by turnover"},
                  [](Config& c) -> Texts& { return c.market.symbols; }),
        whole_number(
            {"market.top_symbols", "", "how many of the largest symbols by turnover"},
            [](Config& c) -> std::uint32_t& { return c.market.top_symbols; }, 1, 500),
        book_depth({"market.book_depth", "", "order book levels: 50, 200 or 1000"},
                   [](Config& c) -> std::uint32_t& { return c.market.book_depth; }),
        text_list({"market.deep_symbols", "", "symbols whose books need more levels to cover 10 bps"},
                  [](Config& c) -> Texts& { return c.market.deep_symbols; }),
        book_depth({"market.deep_book_depth", "", "order book levels of the deep symbols: 50, 200 or 1000"},
                   [](Config& c) -> std::uint32_t& { return c.market.deep_book_depth; }),
        whole_number(
            {"market.backfill_bars", "", "candles fetched for each timeframe at start"},
            [](Config& c) -> std::uint32_t& { return c.market.backfill_bars; }, 0, 5000),
        text_list(
            {"bybit.categories", "", "what to follow: linear, inverse, spot"},
            [](Config& c) -> Texts& { return c.bybit.categories; }, are_categories,
            "some of \"linear\", \"inverse\" and \"spot\", each once"),
        text(
            {"bybit.rest_url", "", "REST host, by region or for the testnet"},
            [](Config& c) -> std::string& { return c.bybit.rest_url; }, starts_with("https://"),
            "an https:// address"),
        text(
            {"bybit.stream_url", "", "public stream host"},
            [](Config& c) -> std::string& { return c.bybit.stream_url; }, starts_with("wss://"), "a wss:// address"),
        text(
            {"bybit.ca_file", "", "PEM file of the authorities to trust; empty takes the system's"},
            [](Config& c) -> std::string& { return c.bybit.ca_file; }, anything, "a path"),
        proxy(
            {"bybit.proxy", "", "proxy for this venue; direct uses none, empty takes the network's"},
            [](Config& c) -> std::string& { return c.bybit.proxy; }, is_venue_proxy),
        text(
            {"bybit.local_address", "", "IP address to leave from for this venue; empty takes the network's"},
            [](Config& c) -> std::string& { return c.bybit.local_address; }, is_local_address, "an IP address"),
        proxy(
            {"network.proxy", "HTTPS_PROXY", "HTTP CONNECT or SOCKS5 proxy for all outbound traffic"},
            [](Config& c) -> std::string& { return c.network.proxy; }, is_proxy),
        proxy(
            {"network.all_proxy", "ALL_PROXY", "the same, where network.proxy is empty"},
            [](Config& c) -> std::string& { return c.network.all_proxy; }, is_proxy),
        text(
            {"network.local_address", "", "IP address to leave from; empty leaves it to the system"},
            [](Config& c) -> std::string& { return c.network.local_address; }, is_local_address, "an IP address"),
        text_list(
            {"binance.markets", "", "what to follow of Binance: futures, spot; empty follows nothing"},
            [](Config& c) -> Texts& { return c.binance.markets; }, are_binance_markets,
            "some of \"futures\" and \"spot\", each once"),
        text_list({"binance.symbols", "", "exactly these; empty takes market.symbols, or the largest by turnover"},
                  [](Config& c) -> Texts& { return c.binance.symbols; }),
        whole_number(
            {"binance.top_symbols", "", "how many of the largest symbols by turnover, of each market"},
            [](Config& c) -> std::uint32_t& { return c.binance.top_symbols; }, 1, 200),
        text(
            {"binance.futures_rest_url", "", "REST host of the USDT-M futures"},
            [](Config& c) -> std::string& { return c.binance.futures_rest_url; }, starts_with("https://"),
            "an https:// address"),
        text(
            {"binance.futures_stream_url", "", "stream host of the USDT-M futures"},
            [](Config& c) -> std::string& { return c.binance.futures_stream_url; }, starts_with("wss://"),
            "a wss:// address"),
        text(
            {"binance.spot_rest_url", "", "REST host of the spot market"},
            [](Config& c) -> std::string& { return c.binance.spot_rest_url; }, starts_with("https://"),
            "an https:// address"),
        text(
            {"binance.spot_stream_url", "", "stream host of the spot market"},
            [](Config& c) -> std::string& { return c.binance.spot_stream_url; }, starts_with("wss://"),
            "a wss:// address"),
        text(
            {"binance.ca_file", "", "PEM file of the authorities to trust; empty takes the system's"},
            [](Config& c) -> std::string& { return c.binance.ca_file; }, anything, "a path"),
        proxy(
            {"binance.proxy", "", "proxy for this venue; direct uses none, empty takes the network's"},
            [](Config& c) -> std::string& { return c.binance.proxy; }, is_venue_proxy),
        text(
            {"binance.local_address", "", "IP address to leave from for this venue; empty takes the network's"},
            [](Config& c) -> std::string& { return c.binance.local_address; }, is_local_address, "an IP address"),
        real_number(
            {"confluence.direction_enter", "", "score at which a symbol turns long; mirrored for short"},
            [](Config& c) -> double& { return c.confluence.direction_enter; }, 50, 100),
        real_number(
            {"confluence.direction_leave", "", "score at which long ends; mirrored for short"},
            [](Config& c) -> double& { return c.confluence.direction_leave; }, 50, 100),
        real_number(
            {"confluence.coverage_min", "", "below this share of live evidence score and direction are null"},
            [](Config& c) -> double& { return c.confluence.coverage_min; }, 0, 1),
        text(
            {"recording.directory", "", "records every input into this folder; empty records nothing"},
            [](Config& c) -> std::string& { return c.recording.directory; }, anything, "a path"),
        whole_number(
            {"recording.segment_bytes_max", "", "a recording starts a new file at this size"},
            [](Config& c) -> std::uint64_t& { return c.recording.segment_bytes_max; }, 1 << 20, 1LL << 34),
        real_number(
            {"recording.limit_share", "",
             "share of a venue's limits that `record` plans with; beside a running program at most 0.15"},
            [](Config& c) -> double& { return c.recording.limit_share; }, 0.01, exchange::access::kPlannedShare),
        text(
            {"history.directory", "",
             "folder of the history files; empty takes virtuoso/history in your data folder"},
            [](Config& c) -> std::string& { return c.history.directory; }, anything, "a path"),
        whole_number(
            {"history.keep_days", "", "`history prune` removes rows older than this; 0 keeps all"},
            [](Config& c) -> std::uint32_t& { return c.history.keep_days; }, 0, 36'500),
        whole_number(
            {"history.bytes_max", "", "`history prune` shortens a series' file to this size; 0 sets no limit"},
            [](Config& c) -> std::uint64_t& { return c.history.bytes_max; }, 0, 1LL << 40),
        real_number(
            {"history.limit_share", "",
             "share of a venue's limits that `history fetch` plans with; beside a running program at most 0.15"},
            [](Config& c) -> double& { return c.history.limit_share; }, 0.01, exchange::access::kPlannedShare),
        whole_number(
            {"backfill.days", "", "days whose signals are reconstructed where a market's ledger is empty; 0: none"},
            [](Config& c) -> std::uint32_t& { return c.backfill.days; }, 0, 90),
        whole_number(
            {"backfill.symbols", "", "of so many of the symbols that are followed"},
            [](Config& c) -> std::uint32_t& { return c.backfill.symbols; }, 1, 200),
        real_number(
            {"backfill.coverage_min", "", "share of the evidence that candles have to tell of a score"},
            [](Config& c) -> double& { return c.backfill.coverage_min; }, 0.01, 1),
        whole_number(
            {"backfill.demo", "", "1 reconstructs a day of the demo market's past, too"},
            [](Config& c) -> bool& { return c.backfill.demo; }, 0, 1),
        database({"records.database_url", "DATABASE_URL",
                  "where records are kept; empty: SQLite in the user's data folder, off: nowhere"},
                 [](Config& c) -> std::string& { return c.records.database_url; }),
        whole_number(
            {"records.keep_days", "", "scores older than so many days are removed; 0 keeps all"},
            [](Config& c) -> std::uint32_t& { return c.records.keep_days; }, 0, 36500),
        whole_number(
            {"records.explanations_keep_days", "", "the same for their explanations; 0 keeps them with the scores"},
            [](Config& c) -> std::uint32_t& { return c.records.explanations_keep_days; }, 0, 36500),
        whole_number(
            {"records.bytes_max", "", "room for all of it; explanations go first, then old scores; 0 sets no limit"},
            [](Config& c) -> std::uint64_t& { return c.records.bytes_max; }, 0,
            std::numeric_limits<std::int64_t>::max()),
        whole_number(
            {"records.queue_max", "", "records that may wait for the database before they are lost"},
            [](Config& c) -> std::uint32_t& { return c.records.queue_max; }, 64, 100'000),
        whole_number(
            {"records.spool_bytes_max", "", "room on this machine's disk while PostgreSQL is away"},
            [](Config& c) -> std::uint64_t& { return c.records.spool_bytes_max; }, 0,
            std::numeric_limits<std::int64_t>::max()),
        whole_number(
            {"records.copy_every_seconds", "", "time between two copies of the SQLite file; 0 makes none"},
            [](Config& c) -> std::uint32_t& { return c.records.copy_every_seconds; }, 0, 604'800),
        whole_number(
            {"records.copies_keep", "", "how many of them are kept"},
            [](Config& c) -> std::uint32_t& { return c.records.copies_keep; }, 1, 1'000),
        whole_number(
            {"records.restore_damaged", "",
             "1: a start that finds the file damaged puts the newest whole copy there"},
            [](Config& c) -> bool& { return c.records.restore_damaged; }, 0, 1),
        text(
            {"influxdb.url", "INFLUXDB_URL", "time-series server that scores are sent to; empty sends nothing"},
            [](Config& c) -> std::string& { return c.influxdb.url; }, is_web_address,
            "an http(s):// address without a user: what it needs to log in belongs to influxdb.token"),
        secret({"influxdb.token", "INFLUXDB_TOKEN", "its token; of version 1 user:password"},
               [](Config& c) -> std::string& { return c.influxdb.token; }),
        text(
            {"influxdb.org", "INFLUXDB_ORG", "its organisation (version 2)"},
            [](Config& c) -> std::string& { return c.influxdb.org; }, anything, "a text"),
        text(
            {"influxdb.bucket", "INFLUXDB_BUCKET", "its bucket; of version 1 the database, or database/retention"},
            [](Config& c) -> std::string& { return c.influxdb.bucket; }, anything, "a text"),
        whole_number(
            {"influxdb.version", "", "of its write API: 2 (/api/v2/write) or 1 (/write)"},
            [](Config& c) -> std::uint32_t& { return c.influxdb.version; }, 1, 2),
        whole_number(
            {"influxdb.spool_bytes_max", "", "room on this machine's disk while it is away; over this the oldest go"},
            [](Config& c) -> std::uint64_t& { return c.influxdb.spool_bytes_max; }, 1 << 20,
            std::numeric_limits<std::int64_t>::max()),
        whole_number(
            {"demo.seed", "", "seed of the generated market"},
            [](Config& c) -> std::uint64_t& { return c.demo.seed; }, 0, std::numeric_limits<std::int64_t>::max()),
        whole_number(
            {"demo.port", "", "port of the demo exchange; 0 takes any free port"},
            [](Config& c) -> std::uint16_t& { return c.demo.port; }, 0, 65535),
        whole_number(
            {"demo.symbols", "", "how many symbols the demo exchange lists"},
            [](Config& c) -> std::uint32_t& { return c.demo.symbols; }, 3, 200),
        whole_number(
            {"demo.warm", "", "1 starts the demo market from the bundled warm state, 0 starts cold"},
            [](Config& c) -> bool& { return c.demo.warm; }, 0, 1),
        live(text(
                 {"log.level", "", "debug, info, warn or error"},
                 [](Config& c) -> std::string& { return c.log.level; }, is_level, "debug, info, warn or error"),
             [](Config& c) -> std::string& { return c.log.level; }),
        live(text(
                 {"log.directory", "", "folder of the log files; empty: in the user's state folder; off: no files"},
                 [](Config& c) -> std::string& { return c.log.directory; }, anything, "a path, off, or empty"),
             [](Config& c) -> std::string& { return c.log.directory; }),
        live(text(
                 {"log.format", "", "text, or json: one object to a line"},
                 [](Config& c) -> std::string& { return c.log.format; },
                 [](const std::string& given) { return given == "text" || given == "json"; }, "text or json"),
             [](Config& c) -> std::string& { return c.log.format; }),
        live(whole_number(
                 {"log.file_bytes_max", "", "a log file is set aside at this size"},
                 [](Config& c) -> std::uint64_t& { return c.log.file_bytes_max; }, 1 << 16, 1LL << 40),
             [](Config& c) -> std::uint64_t& { return c.log.file_bytes_max; }),
        live(whole_number(
                 {"log.files_max", "", "files set aside, of each log; the oldest goes"},
                 [](Config& c) -> std::uint32_t& { return c.log.files_max; }, 1, 1000),
             [](Config& c) -> std::uint32_t& { return c.log.files_max; }),
        text(
            {"machine_learning.model", "", "card of the promoted model; empty: none, and the side does not apply"},
            [](Config& c) -> std::string& { return c.machine_learning.model; }, anything, "a path"),
    };
}

}  // namespace vt::config
