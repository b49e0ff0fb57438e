#pragma once

#include "alpha/params.hpp"
#include "base/result.hpp"
#include "cache/ttl_class.hpp"
#include "cache/warm_schedule.hpp"
#include "confluence/weights.hpp"
#include "exchange/access/limits.hpp"
#include "net/proxy.hpp"
#include "paper/params.hpp"
#include "risk/params.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::config {

/// Where a value came from; later ones win.
enum class Source : std::uint8_t { built_in, file, environment, flag };
[[nodiscard]] std::string_view name(Source source);

/// Everything a user may set, with the defaults of config/default.toml. Filled once at start, immutable afterwards.
struct Config {
    struct Server {
        std::string host = "127.0.0.1";
        std::uint16_t port = 8003;
        std::uint16_t monitoring_port = 8001;
        std::vector<std::string> allowed_hosts;
        std::vector<std::string> trusted_proxies;  ///< addresses whose forwarding headers are believed
        std::string tls_certificate_file;          ///< PEM; empty: no TLS
        std::string tls_key_file;
        bool allow_insecure_http = false;  ///< beyond loopback without TLS and without a trusted proxy
    } server;
    struct Auth {
        std::string anonymous_read = "loopback";  ///< who reads the market without a login: loopback, never, always
    } auth;
    struct Market {
        std::vector<std::string> symbols;  ///< empty: the largest by turnover
        std::uint32_t top_symbols = 30;
        std::uint32_t book_depth = 50;
        std::vector<std::string> deep_symbols = {"BTCUSDT", "ETHUSDT"};
        std::uint32_t deep_book_depth = 200;
        std::uint32_t backfill_bars = 1000;
    } market;
    struct Bybit {
        std::vector<std::string> categories = {"linear"};
        std::string rest_url = "https://api.bybit.com";
        std::string stream_url = "wss://stream.bybit.com";
        std::string ca_file;  ///< empty: the system's authorities
        std::string proxy;    ///< empty: network's; "direct": none
        std::string local_address;
    } bybit;
    /// How every venue is reached that does not say otherwise itself.
    struct Network {
        std::string proxy;      ///< HTTPS_PROXY
        std::string all_proxy;  ///< ALL_PROXY: where `proxy` is empty
        std::string local_address;
    } network;
    struct Binance {
        std::vector<std::string> markets;  ///< empty: not followed
        std::vector<std::string> symbols;  ///< empty: market.symbols, or the largest by turnover
        std::uint32_t top_symbols = 10;
        std::string futures_rest_url = "https://fapi.binance.com";
        std::string futures_stream_url = "wss://fstream.binance.com";
        std::string spot_rest_url = "https://api.binance.com";
        std::string spot_stream_url = "wss://stream.binance.com:9443";
        std::string ca_file;  ///< empty: the system's authorities
        std::string proxy;    ///< empty: network's; "direct": none
        std::string local_address;
    } binance;
    struct Confluence {
        double direction_enter = 60;
        double direction_leave = 55;
        double coverage_min = 0.5;
    } confluence;
    confluence::Weights weights;  ///< of the dimensions, by profile
    /// When a score becomes a signal, and where its levels lie: signals::Params in the units of the file.
    struct Signals {
        double score_max = 70;
        double score_min = 60;
        double score_share = 0.02;
        double coverage_min = 0.80;
        double confidence_min = 0.50;
        double opposition_max = 0.25;
        double listed_days_min = 30;
        double turnover_min_usd = 5e6;
        double spread_max_bps = 15;
        double cost_share_max = 0.20;
        double stop_atr = 2;
        double stop_atr_max = 4;
        double taker_fee_bps = 5.5;
        std::uint32_t order_quote = 10'000;
        double leverage = 10;
        double risk_pct = 0.5;
        std::uint32_t expiry_minutes = 480;
        std::uint32_t cooldown_minutes = 60;
        std::uint32_t cooldown_after_stop_minutes = 120;
        std::uint32_t new_per_hour_max = 10;
        std::uint32_t cluster_max = 3;
        double edge_effective_min = 200;
        double edge_decay_alarm = 10;
        std::string edge_decay_since;  ///< as history::parse_time_ms takes it; empty: all that is known
    } signals;
    alpha::Params alpha;  ///< the strategies beside the score
    risk::Params risk;    ///< between a signal and an order
    paper::Params paper;  ///< the venue that paper orders meet
    /// Whether and how signals are traded.
    struct Trading {
        std::string mode = "off";  ///< or "paper"
        std::vector<std::string> strategies{"confluence"};
        double entry_slippage_max_bps = 10;
        std::uint32_t enter_within_seconds = 10;
        double trailing_stop_share = 0;
        std::string kill_file;  ///< empty: KILL in the user's data folder
    } trading;
    struct MachineLearning {
        std::string model;  ///< card of the promoted model; empty: none
    } machine_learning;
    struct Recording {
        std::string directory;  ///< empty: nothing is recorded
        std::uint64_t segment_bytes_max = 256ULL << 20U;
        double limit_share = exchange::access::kBesideShare;  ///< of a venue's limits, for `record`
    } recording;
    struct History {
        std::string directory;                                ///< empty: virtuoso/history in the user's data folder
        std::uint32_t keep_days = 0;                          ///< 0: for ever
        std::uint64_t bytes_max = 0;                          ///< of one series' file; 0: no limit
        double limit_share = exchange::access::kBesideShare;  ///< of a venue's limits, for `history fetch`
    } history;
    /// Signals of the past, from candles, where a market's ledger is empty.
    struct Backfill {
        std::uint32_t days = 7;      ///< 0: none
        std::uint32_t symbols = 10;  ///< of those that are followed, the first
        double coverage_min = 0.10;  ///< share of the evidence that candles have to tell
        bool demo = false;           ///< a day of the demo market's past, too
    } backfill;
    /// What is kept of the decisions, and for how long.
    struct Records {
        std::string database_url;      ///< empty: SQLite in the user's data folder; "off": nothing is kept
        std::uint32_t keep_days = 90;  ///< 0: for ever
        std::uint32_t explanations_keep_days = 7;  ///< 0: as long as their scores
        std::uint64_t bytes_max = 1ULL << 30U;     ///< 0: no limit
        std::uint32_t queue_max = 4096;
        std::uint64_t spool_bytes_max = 512ULL << 20U;
        std::uint32_t copy_every_seconds = 3'600;  ///< of a SQLite file; 0: no copies
        std::uint32_t copies_keep = 3;
        bool restore_damaged = true;  ///< at the start, from the newest whole copy
    } records;
    /// A server that speaks InfluxDB's write API.
    struct Influxdb {
        std::string url;  ///< empty: nothing is sent
        std::string token;
        std::string org;
        std::string bucket;
        std::uint32_t version = 2;
        std::uint64_t spool_bytes_max = 256ULL << 20U;
    } influxdb;
    /// Where alerts are sent to, and how often (docs/alerts.md).
    struct Alerts {
        std::string severity_min = "info";
        std::uint32_t messages_per_hour = 30;
        std::uint32_t messages_at_once = 10;
        std::string quiet_hours;  ///< "22:00-07:00"; empty: there are none
        std::string discord_webhook_url;
        std::string telegram_bot_token, telegram_chat;
        std::string webhook_url, webhook_signing_key;
        bool webhook_allow_http = false;
        bool webhook_allow_private = false;
        std::string email_host;
        std::uint16_t email_port = 587;
        std::string email_tls = "starttls";
        std::string email_user, email_password, email_from;
        std::vector<std::string> email_to;
        std::string authorities_file;  ///< PEM, trusted alone; empty: the system's
    } alerts;
    /// What answers are kept in, and for how long (docs/cache.md).
    struct Cache {
        std::string type;  ///< "": the tiers whose host is set; memory: the first alone; memcached; redis
        struct Memory {
            std::uint64_t max_items = 1'000;
            std::uint64_t max_bytes = 64ULL << 20U;
        } l1;
        struct Server {
            std::string host;  ///< empty: this machine, where `type` asks for it, else off
            std::uint16_t port = 0;
            std::uint32_t connections = 20;
            std::uint32_t deadline_ms = 0;  ///< of one call
            std::string user = {};          ///< of Redis only, as the password
            std::string password = {};
        };
        Server memcached{.host = "", .port = 11211, .deadline_ms = 5};
        Server redis{.host = "", .port = 6379, .deadline_ms = 20};
        cache::TtlParams ttl;
        struct Warm {
            cache::WarmScheduleParams schedule;
            std::string zone = "America/New_York";  ///< name of the schedule's zone, or its POSIX rule
            std::uint32_t keys_max = 100;           ///< in one cycle; 0: nothing is warmed
            std::uint32_t budget_ms = 1'000;        ///< of one cycle
        } warm;
    } cache;
    struct Demo {
        std::uint64_t seed = 1;
        std::uint16_t port = 0;  ///< 0: any free port
        std::uint32_t symbols = 34;
        bool warm = true;
    } demo;
    struct Log {
        std::string level = "info";
        std::string directory;        ///< empty: virtuoso/logs in the user's state folder; "off": no files
        std::string format = "text";  ///< or json
        std::uint64_t file_bytes_max = 10U << 20U;
        std::uint32_t files_max = 5;  ///< rotated ones, of each file
    } log;
};

enum class KnobKind : std::uint8_t { text, whole_number, real_number, text_list };

/// One knob: its dotted key, what it means, the variable that sets it (if any) and how it is read and written as
/// text.
struct Knob {
    std::string_view key;
    std::string_view environment;  ///< empty: none
    std::string_view meaning;
    bool is_live = false;    ///< a change takes effect while the program runs; of the others, at its next start
    bool is_secret = false;  ///< the value, or a password in it, is never shown
    bool has_file_variable = false;  ///< the variable also as NAME_FILE, with the path of a file that holds the value
    KnobKind kind = KnobKind::text;
    std::string low, high = {};  ///< of a number: its bounds as JSON
};
[[nodiscard]] const std::vector<Knob>& knobs();
/// Every variable that is read here: those of the knobs, and the switches DEBUG and BYBIT_TESTNET.
[[nodiscard]] std::vector<std::string> variable_names();

/// Environment and flags as key/value pairs, so that nothing here reads the process.
struct Inputs {
    std::string file_name;  ///< for messages
    std::optional<std::string> file_text;
    std::map<std::string, std::string> environment;
    std::map<std::string, std::string> flags;  ///< by dotted key
};

/// The merged configuration and, for each key, who set it.
struct Loaded {
    Config config;
    std::map<std::string, Source, std::less<>> sources;
    std::map<std::string, std::string, std::less<>> places;  ///< of keys in the file: "v.toml:3: "
    std::map<std::string, std::string, std::less<>>
        origins;  ///< of what is no default: "v.toml:3", "APP_PORT", "" (a flag)
};

/// Merges default < file < environment < flag and checks every value.
///   errors: configuration: an unknown key (file, line and the nearest known key), a value of the wrong type or out
///           of range
[[nodiscard]] Result<Loaded> load(const Inputs& inputs);

/// The way to a venue, from what its own section and [network] say.
///   errors: configuration: none once the configuration was loaded
[[nodiscard]] Result<net::Route> route_of(const Config& config, const std::string& venue_proxy,
                                          const std::string& venue_local_address);

/// Copies what can be changed while the program runs.
void copy_live(const Config& from, Config& to);

/// The keys whose values differ, those of secrets too, in the order of `knobs()`.
[[nodiscard]] std::vector<std::string> changed_keys(const Config& before, const Config& after);

/// The value of a key as it would stand in the file; not_found with a suggestion for an unknown key.
[[nodiscard]] Result<std::string> value_text(const Config& config, std::string_view key);

}  // namespace vt::config
