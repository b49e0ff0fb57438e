#include "records/schema.hpp"

#include "base/assert.hpp"
#include "base/version.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace vt::records {
namespace {

// The key of what is said of an instrument in a market ("live", "demo", "replay"): read by market, instrument and
// time.
#define VT_RECORD_KEY "market {text}, instrument {text}, at_ms BIGINT, run {text}, number BIGINT"
#define VT_RECORD_PRIMARY "PRIMARY KEY (market, instrument, at_ms, run, number)"

constexpr std::array<Migration, 6> kMigrations = {{
    {.version = 1,
     .what = "runs of the program, score records, what could not be kept",
     .up =
         "CREATE TABLE runs (run {text} NOT NULL, market {text} NOT NULL, started_ms BIGINT NOT NULL,"
         " program {text} NOT NULL, configuration {text} NOT NULL, weights {text} NOT NULL, PRIMARY KEY (run))"
         "{kept_by_key};"
         "CREATE TABLE scores (" VT_RECORD_KEY ", score DOUBLE PRECISION, sum DOUBLE PRECISION NOT NULL,"
         " coverage DOUBLE PRECISION NOT NULL, confidence DOUBLE PRECISION, direction {text}, causes {text} NOT NULL,"
         " order_flow DOUBLE PRECISION, sentiment DOUBLE PRECISION, liquidity DOUBLE PRECISION,"
         " bitcoin_beta DOUBLE PRECISION, smart_money DOUBLE PRECISION, machine_learning DOUBLE PRECISION,"
         " first_seq BIGINT, last_seq BIGINT, " VT_RECORD_PRIMARY "){kept_by_key};"
         "CREATE TABLE instruments (market {text} NOT NULL, instrument {text} NOT NULL,"
         " PRIMARY KEY (market, instrument)){kept_by_key};"
         "CREATE TABLE losses (run {text} NOT NULL, at_ms BIGINT NOT NULL, number BIGINT NOT NULL,"
         " reason {text} NOT NULL, PRIMARY KEY (run, at_ms)){kept_by_key};"
         "CREATE TABLE kept_hours (hour_ms BIGINT NOT NULL, scores BIGINT NOT NULL, bytes BIGINT NOT NULL,"
         " PRIMARY KEY (hour_ms));",
     .down = "DROP TABLE kept_hours; DROP TABLE losses; DROP TABLE instruments; DROP TABLE scores; DROP TABLE runs;"},
    {.version = 2,
     .what = "the whole explanation of a score, apart from it: it is larger and goes earlier",
     .up = "CREATE TABLE explanations (" VT_RECORD_KEY
           ", plain_bytes BIGINT NOT NULL, body {bytes} NOT NULL, " VT_RECORD_PRIMARY "){kept_by_key};",
     .down = "DROP TABLE explanations; UPDATE kept_hours SET bytes = 0;"},
    {.version = 3,
     .what = "who may log in: users, sessions, tokens, and what was done by whom; not part of a backup",
     .up = "CREATE TABLE users (name {text} NOT NULL, role {text} NOT NULL, password_hash {text} NOT NULL,"
           " totp_secret {text} NOT NULL, totp_step BIGINT NOT NULL, created_ms BIGINT NOT NULL, PRIMARY KEY (name))"
           "{kept_by_key};"
           "CREATE TABLE sessions (id {text} NOT NULL, hash {text} NOT NULL, user_name {text} NOT NULL,"
           " address {text} NOT NULL, created_ms BIGINT NOT NULL, last_used_ms BIGINT NOT NULL,"
           " second_factor_ms BIGINT, PRIMARY KEY (id)){kept_by_key};"
           "CREATE TABLE tokens (id {text} NOT NULL, hash {text} NOT NULL, user_name {text} NOT NULL,"
           " label {text} NOT NULL, scope {text} NOT NULL, created_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL,"
           " last_used_ms BIGINT, PRIMARY KEY (id)){kept_by_key};"
           "CREATE TABLE audit (at_ms BIGINT NOT NULL, id {text} NOT NULL, user_name {text} NOT NULL,"
           " address {text} NOT NULL, action {text} NOT NULL, subject {text} NOT NULL, outcome {text} NOT NULL,"
           " PRIMARY KEY (at_ms, id)){kept_by_key};"
           "CREATE TABLE setup_token (hash {text} NOT NULL, expires_ms BIGINT NOT NULL, PRIMARY KEY (hash));"
           "CREATE TABLE login_revision (number BIGINT NOT NULL, PRIMARY KEY (number));"
           "INSERT INTO login_revision (number) VALUES (1);",
     .down = "DROP TABLE login_revision; DROP TABLE setup_token; DROP TABLE audit; DROP TABLE tokens;"
             " DROP TABLE sessions; DROP TABLE users;"},
    {.version = 4,
     .what = "the ledger of signals: every one, and what became of it, each entry bound to the one before",
     .up = "CREATE TABLE ledger (market {text} NOT NULL, number BIGINT NOT NULL, at_ms BIGINT NOT NULL,"
           " run {text} NOT NULL, signal {text} NOT NULL, entry {text} NOT NULL, instrument {text} NOT NULL,"
           " direction {text} NOT NULL, strategy {text} NOT NULL, state {text} NOT NULL,"
           " score DOUBLE PRECISION NOT NULL, body {text} NOT NULL, follow {bytes} NOT NULL, hash {text} NOT NULL,"
           " PRIMARY KEY (market, number), UNIQUE (market, signal, entry)){kept_by_key};"
           "CREATE INDEX ledger_signal ON ledger (market, signal, number);",
     .down = "DROP TABLE ledger;"},
    {.version = 5,
     .what = "trades and orders as they stand, and what trading goes on from",
     .up = "CREATE TABLE trades (market {text} NOT NULL, number BIGINT NOT NULL, at_ms BIGINT NOT NULL,"
           " instrument {text} NOT NULL, signal {text} NOT NULL, state {text} NOT NULL, body {text} NOT NULL,"
           " follow {bytes} NOT NULL, PRIMARY KEY (market, number)){kept_by_key};"
           "CREATE TABLE orders (market {text} NOT NULL, id {text} NOT NULL, trade BIGINT NOT NULL,"
           " at_ms BIGINT NOT NULL, instrument {text} NOT NULL, state {text} NOT NULL, body {text} NOT NULL,"
           " follow {bytes} NOT NULL, PRIMARY KEY (market, id)){kept_by_key};"
           "CREATE INDEX orders_of_trade ON orders (market, trade);"
           "CREATE TABLE trading_states (market {text} NOT NULL, name {text} NOT NULL, at_ms BIGINT NOT NULL,"
           " content {bytes} NOT NULL, PRIMARY KEY (market, name)){kept_by_key};",
     .down = "DROP TABLE trading_states; DROP TABLE orders; DROP TABLE trades;"},
    {.version = 6,
     .what = "alerts and their deliveries, the rules behind them, and what was seen",
     .up = "CREATE TABLE alerts (market {text} NOT NULL, id {text} NOT NULL, at_ms BIGINT NOT NULL,"
           " kind {text} NOT NULL, severity {text} NOT NULL, instrument {text} NOT NULL, rule {text} NOT NULL,"
           " body {text} NOT NULL, follow {bytes} NOT NULL, acknowledged_ms BIGINT, acknowledged_by {text} NOT NULL,"
           " PRIMARY KEY (market, id)){kept_by_key};"
           "CREATE INDEX alerts_by_time ON alerts (market, at_ms, id);"
           "CREATE TABLE alert_deliveries (market {text} NOT NULL, alert {text} NOT NULL, channel {text} NOT NULL,"
           " state {text} NOT NULL, queued_ms BIGINT NOT NULL, attempts BIGINT NOT NULL, settled_ms BIGINT,"
           " message {text} NOT NULL, receipt {text} NOT NULL, problem {text} NOT NULL,"
           " PRIMARY KEY (market, alert, channel)){kept_by_key};"
           "CREATE INDEX deliveries_under_way ON alert_deliveries (market, queued_ms) WHERE settled_ms IS NULL;"
           "CREATE INDEX deliveries_by_time ON alert_deliveries (market, queued_ms);"
           "CREATE TABLE alert_rules (market {text} NOT NULL, name {text} NOT NULL, body {text} NOT NULL,"
           " PRIMARY KEY (market, name)){kept_by_key};"
           "CREATE TABLE occurrences (market {text} NOT NULL, at_ms BIGINT NOT NULL, run {text} NOT NULL,"
           " number BIGINT NOT NULL, kind {text} NOT NULL, body {bytes} NOT NULL,"
           " PRIMARY KEY (market, at_ms, run, number)){kept_by_key};",
     .down = "DROP TABLE occurrences; DROP TABLE alert_rules; DROP TABLE alert_deliveries; DROP TABLE alerts;"},
}};

#undef VT_RECORD_KEY
#undef VT_RECORD_PRIMARY

constexpr Column kRunColumns[] = {{"run", Kind::text},           {"market", Kind::text},
                                  {"started_ms", Kind::integer}, {"program", Kind::text},
                                  {"configuration", Kind::text}, {"weights", Kind::text}};
constexpr Column kScoreColumns[] = {
    {"market", Kind::text},      {"instrument", Kind::text},       {"at_ms", Kind::integer},
    {"run", Kind::text},         {"number", Kind::integer},        {"score", Kind::real},
    {"sum", Kind::real},         {"coverage", Kind::real},         {"confidence", Kind::real},
    {"direction", Kind::text},   {"causes", Kind::text},           {"order_flow", Kind::real},
    {"sentiment", Kind::real},   {"liquidity", Kind::real},        {"bitcoin_beta", Kind::real},
    {"smart_money", Kind::real}, {"machine_learning", Kind::real}, {"first_seq", Kind::integer},
    {"last_seq", Kind::integer}};
constexpr Column kInstrumentColumns[] = {{"market", Kind::text}, {"instrument", Kind::text}};
constexpr Column kLossColumns[] = {
    {"run", Kind::text}, {"at_ms", Kind::integer}, {"number", Kind::integer}, {"reason", Kind::text}};
constexpr Column kExplanationColumns[] = {
    {"market", Kind::text},    {"instrument", Kind::text},     {"at_ms", Kind::integer}, {"run", Kind::text},
    {"number", Kind::integer}, {"plain_bytes", Kind::integer}, {"body", Kind::bytes}};
constexpr Column kLedgerColumns[] = {{"market", Kind::text},     {"number", Kind::integer}, {"at_ms", Kind::integer},
                                     {"run", Kind::text},        {"signal", Kind::text},    {"entry", Kind::text},
                                     {"instrument", Kind::text}, {"direction", Kind::text}, {"strategy", Kind::text},
                                     {"state", Kind::text},      {"score", Kind::real},     {"body", Kind::text},
                                     {"follow", Kind::bytes},    {"hash", Kind::text}};

constexpr Column kTradeColumns[] = {{"market", Kind::text},     {"number", Kind::integer}, {"at_ms", Kind::integer},
                                    {"instrument", Kind::text}, {"signal", Kind::text},    {"state", Kind::text},
                                    {"body", Kind::text},       {"follow", Kind::bytes}};
constexpr Column kOrderColumns[] = {{"market", Kind::text},   {"id", Kind::text},         {"trade", Kind::integer},
                                    {"at_ms", Kind::integer}, {"instrument", Kind::text}, {"state", Kind::text},
                                    {"body", Kind::text},     {"follow", Kind::bytes}};
constexpr Column kTradingStateColumns[] = {
    {"market", Kind::text}, {"name", Kind::text}, {"at_ms", Kind::integer}, {"content", Kind::bytes}};
constexpr Column kAlertColumns[] = {{"market", Kind::text},         {"id", Kind::text},
                                    {"at_ms", Kind::integer},       {"kind", Kind::text},
                                    {"severity", Kind::text},       {"instrument", Kind::text},
                                    {"rule", Kind::text},           {"body", Kind::text},
                                    {"follow", Kind::bytes},        {"acknowledged_ms", Kind::integer},
                                    {"acknowledged_by", Kind::text}};
constexpr Column kDeliveryColumns[] = {
    {"market", Kind::text},       {"alert", Kind::text},       {"channel", Kind::text},       {"state", Kind::text},
    {"queued_ms", Kind::integer}, {"attempts", Kind::integer}, {"settled_ms", Kind::integer}, {"message", Kind::text},
    {"receipt", Kind::text},      {"problem", Kind::text}};
constexpr Column kAlertRuleColumns[] = {{"market", Kind::text}, {"name", Kind::text}, {"body", Kind::text}};
constexpr Column kOccurrenceColumns[] = {{"market", Kind::text},    {"at_ms", Kind::integer}, {"run", Kind::text},
                                         {"number", Kind::integer}, {"kind", Kind::text},     {"body", Kind::bytes}};

constexpr Table kTables[] = {{"runs", kRunColumns, 1},
                             {"scores", kScoreColumns, 5},
                             {"instruments", kInstrumentColumns, 2},
                             {"losses", kLossColumns, 2},
                             {"explanations", kExplanationColumns, 5},
                             {"ledger", kLedgerColumns, 2},
                             {"trades", kTradeColumns, 2},
                             {"orders", kOrderColumns, 2},
                             {"trading_states", kTradingStateColumns, 2},
                             {"alerts", kAlertColumns, 2},
                             {"alert_deliveries", kDeliveryColumns, 3},
                             {"alert_rules", kAlertRuleColumns, 2},
                             {"occurrences", kOccurrenceColumns, 4}};
static_assert(kTables[kScores].columns.data() == kScoreColumns &&
              kTables[kExplanations].columns.data() == kExplanationColumns &&
              kTables[kLedger].columns.data() == kLedgerColumns && kTables[kAlerts].columns.data() == kAlertColumns &&
              kTables[kAlertRules].columns.data() == kAlertRuleColumns &&
              kTables[kOccurrences].columns.data() == kOccurrenceColumns);
constexpr std::size_t kTableCounts[] = {0, 4, 5, 5, 6, 9, 13};  // by version

constexpr const char* kVersionTable =
    "CREATE TABLE schema_versions (version BIGINT NOT NULL, what {text} NOT NULL, program {text} NOT NULL,"
    " at_ms BIGINT NOT NULL, PRIMARY KEY (version));";
constexpr Column kVersionColumns[] = {
    {"version", Kind::integer}, {"what", Kind::text}, {"program", Kind::text}, {"at_ms", Kind::integer}};
constexpr Table kVersions = {"schema_versions", kVersionColumns, 1};

std::string in_words_of(const Dialect& dialect, std::string_view script) {
    std::string text(script);
    const auto replace = [&](std::string_view mark, std::string_view word) {
        for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += word.size())
            text.replace(at, mark.size(), word);
    };
    replace("{text}", dialect.text);
    replace("{bytes}", dialect.bytes);
    replace("{kept_by_key}", dialect.table_suffix);
    return text;
}

Result<void> step(Database& database, const Migration& migration, bool is_up, Timestamp now) {
    const std::string script = in_words_of(database.dialect(), is_up ? migration.up : migration.down);
    if (Result<void> changed = database.run(script); !changed) return changed;
    const auto version = static_cast<std::int64_t>(migration.version);
    if (is_up) {
        const Row noted[] = {{version, std::string(migration.what), "virtuoso " + std::string(kVersion), to_ms(now)}};
        VT_TRY([[maybe_unused]] const std::uint64_t added, database.append(kVersions, noted));
        return {};
    }
    const Value gone[] = {version};
    VT_TRY([[maybe_unused]] const Answer removed,
           database.ask("DELETE FROM schema_versions WHERE version = $1", gone));
    return {};
}

Result<bool> has_content(Database& database) {
    VT_TRY(const Answer found, database.ask("SELECT 1 FROM scores LIMIT 1", {}));
    return !found.rows.empty();
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }
std::uint32_t latest_version() { return kMigrations.back().version; }

std::span<const Table> tables_at(std::uint32_t version) {
    VT_ASSERT(version <= latest_version());
    return std::span(kTables).first(kTableCounts[version]);
}

Result<std::uint32_t> schema_version(Database& database) {
    VT_TRY(const bool is_there, database.has_table("schema_versions"));
    if (!is_there) return 0;
    VT_TRY(const Answer newest, database.ask("SELECT max(version) FROM schema_versions", {}));
    const std::int64_t version = optional_of<std::int64_t>(newest.rows.at(0).at(0)).value_or(0);
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(version, 0, std::numeric_limits<std::uint32_t>::max()));
}

Result<void> refuse_newer(Database& database) {
    VT_TRY(const std::uint32_t version, schema_version(database));
    if (version <= latest_version()) return {};
    VT_TRY(const Answer made, database.ask("SELECT program FROM schema_versions ORDER BY version DESC LIMIT 1", {}));
    const std::string program = optional_of<std::string>(made.rows.at(0).at(0)).value_or("a newer program");
    return fail(Errc::unsupported,
                database.title() + " has schema " + std::to_string(version) + ", made by " + program +
                    "; this program (virtuoso " + std::string(kVersion) + ") knows schemas up to " +
                    std::to_string(latest_version()) +
                    ": run the newer program, let it go back with `virtuoso storage migrate --to " +
                    std::to_string(latest_version()) + "`, or name another database. Nothing was changed");
}

Result<std::string> migrate(Database& database, std::uint32_t target, Timestamp now) {
    if (target > latest_version()) {
        return fail(Errc::unsupported, "there is no schema " + std::to_string(target) +
                                           "; this program knows up to " + std::to_string(latest_version()));
    }
    VT_TRY(std::uint32_t version, schema_version(database));
    if (version == target) return std::string{};
    if (Result<void> known = refuse_newer(database); !known) return tl::unexpected<Error>(std::move(known.error()));
    std::string copy;
    if (version > 0) {
        VT_TRY(const bool is_full, has_content(database));
        if (is_full) {
            VT_TRY(copy, database.keep_copy(".schema" + std::to_string(version)));
        }
    }
    VT_TRY(Transaction transaction, Transaction::begin(database, Access::exclusive));
    VT_TRY(version, schema_version(database));  // another program may have been first
    if (version == 0) {
        VT_TRY(const bool is_there, database.has_table("schema_versions"));
        if (!is_there) {
            if (Result<void> made = database.run(in_words_of(database.dialect(), kVersionTable)); !made)
                return tl::unexpected<Error>(std::move(made.error()));
        }
    }
    for (; version < target; ++version) {
        if (Result<void> done = step(database, kMigrations.at(version), true, now); !done)
            return tl::unexpected<Error>(std::move(done.error()));
    }
    for (; version > target; --version) {
        if (Result<void> done = step(database, kMigrations.at(version - 1), false, now); !done)
            return tl::unexpected<Error>(std::move(done.error()));
    }
    if (Result<void> done = transaction.commit(); !done) return tl::unexpected<Error>(std::move(done.error()));
    return copy;
}

}  // namespace vt::records
