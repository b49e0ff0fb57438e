#include "records/ledger.hpp"

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/whole_number.hpp"
#include "records/schema.hpp"

#include <bit>
#include <limits>

namespace vt::records {
namespace {

constexpr std::int64_t kCheckPage = 2000;
constexpr std::string_view kReconstructed = "-reconstructed";
constexpr std::string_view kEntryColumns =
    "market, number, at_ms, run, signal, entry, instrument, direction, strategy, state, score, body, follow, hash";

std::string hash_of(std::string_view previous, std::int64_t number, const LedgerEntry& entry) {
    std::string bytes;
    append_text<std::uint32_t>(bytes, previous);
    append_little_endian(bytes, number);
    append_little_endian(bytes, to_ms(entry.at));
    append_little_endian(bytes, std::bit_cast<std::uint64_t>(entry.score == 0 ? 0.0 : entry.score));
    for (const std::string* text : {&entry.market, &entry.run, &entry.signal, &entry.entry, &entry.instrument,
                                    &entry.direction, &entry.strategy, &entry.state, &entry.body, &entry.follow})
        append_text<std::uint32_t>(bytes, *text);
    Digest digest;
    digest.update(bytes);
    return digest.hex();
}

Row ledger_row_of(std::int64_t number, const LedgerEntry& entry, const std::string& hash) {
    return {entry.market,       number,      to_ms(entry.at),  entry.run,
            entry.signal,       entry.entry, entry.instrument, entry.direction,
            entry.strategy,     entry.state, entry.score,      entry.body,
            Blob{entry.follow}, hash};
}

std::string ledger_text(const Row& row, std::size_t i) { return optional_of<std::string>(row[i]).value_or(""); }

StoredEntry stored_of(const Row& row) {
    StoredEntry stored;
    stored.number = static_cast<std::uint64_t>(optional_of<std::int64_t>(row[1]).value_or(0));
    stored.entry = {.market = ledger_text(row, 0),
                    .signal = ledger_text(row, 4),
                    .entry = ledger_text(row, 5),
                    .at = from_ms(optional_of<std::int64_t>(row[2]).value_or(0)),
                    .run = ledger_text(row, 3),
                    .instrument = ledger_text(row, 6),
                    .direction = ledger_text(row, 7),
                    .strategy = ledger_text(row, 8),
                    .state = ledger_text(row, 9),
                    .score = optional_of<double>(row[10]).value_or(0),
                    .body = ledger_text(row, 11),
                    .follow = optional_of<Blob>(row[12]).value_or(Blob{}).bytes};
    stored.hash = ledger_text(row, 13);
    return stored;
}

/// Where a market's chain ends.
struct ChainEnd {
    std::int64_t number = 0;
    std::string hash;
};

Result<ChainEnd> chain_end(Database& database, const std::string& market) {
    const Value values[] = {market};
    VT_TRY(const Answer answer,
           database.ask("SELECT number, hash FROM ledger WHERE market = $1 ORDER BY number DESC LIMIT 1", values));
    if (answer.rows.empty()) return ChainEnd{};
    return ChainEnd{optional_of<std::int64_t>(answer.rows[0][0]).value_or(0), ledger_text(answer.rows[0], 1)};
}

Result<bool> is_there(Database& database, const LedgerEntry& entry) {
    const Value values[] = {entry.market, entry.signal, entry.entry};
    VT_TRY(const Answer answer,
           database.ask("SELECT 1 FROM ledger WHERE market = $1 AND signal = $2 AND entry = $3", values));
    return !answer.rows.empty();
}

constexpr std::string_view kIsLast =
    " AND NOT EXISTS (SELECT 1 FROM ledger later WHERE later.market = ledger.market AND"
    " later.signal = ledger.signal AND later.number > ledger.number)";

}  // namespace

std::string reconstructed_ledger(std::string_view market) {
    return std::string(market) + std::string(kReconstructed);
}

bool is_reconstructed_ledger(std::string_view market) { return market.ends_with(kReconstructed); }

Result<std::uint64_t> append_to_ledger(Database& database, std::span<const LedgerEntry> entries) {
    std::uint64_t added = 0;
    for (const LedgerEntry& entry : entries) {
        VT_TRY(const bool is_known, is_there(database, entry));
        if (is_known) continue;
        VT_TRY(const ChainEnd end, chain_end(database, entry.market));
        const Row rows[] = {ledger_row_of(end.number + 1, entry, hash_of(end.hash, end.number + 1, entry))};
        VT_TRY(const std::uint64_t taken, database.append(tables_at(latest_version())[kLedger], rows));
        if (taken == 0) return fail(Errc::unavailable, "another program wrote into the same ledger at the same time");
        ++added;
    }
    return added;
}

Result<SignalPage> signals_of(Database& database, const SignalQuery& query) {
    if (query.limit == 0 || query.limit > kSignalPageMax)
        return fail(Errc::out_of_range, "limit is from 1 to " + std::to_string(kSignalPageMax));
    std::int64_t before = std::numeric_limits<std::int64_t>::max();
    if (!query.cursor.empty()) {
        const auto number = whole_number<std::int64_t>(query.cursor);
        if (!number) return fail(Errc::malformed, "the cursor is not one that a page gave");
        before = *number;
    }
    std::vector<Value> values{query.market, before};
    std::string where = " WHERE market = $1 AND number < $2";
    const auto narrow = [&](std::string_view column, const std::string& wanted) {
        if (wanted.empty()) return;
        values.emplace_back(wanted);
        where += " AND " + std::string(column) + " = $" + std::to_string(values.size());
    };
    narrow("instrument", query.instrument);
    narrow("state", query.state);
    if (query.state.empty()) where += " AND state <> 'placebo'";
    narrow("direction", query.direction);
    narrow("strategy", query.strategy);
    values.emplace_back(static_cast<std::int64_t>(query.limit + 1));
    VT_TRY(const Answer answer,
           database.ask("SELECT " + std::string(kEntryColumns) + " FROM ledger" + where + std::string(kIsLast) +
                            " ORDER BY number DESC LIMIT $" + std::to_string(values.size()),
                        values));
    SignalPage page;
    for (const Row& row : answer.rows) {
        if (page.signals.size() == query.limit) {
            page.cursor = std::to_string(page.signals.back().number);
            break;
        }
        page.signals.push_back(stored_of(row));
    }
    return page;
}

Result<std::vector<StoredEntry>> entries_of(Database& database, const std::string& market,
                                            const std::string& signal) {
    const Value values[] = {market, signal};
    VT_TRY(const Answer answer, database.ask("SELECT " + std::string(kEntryColumns) +
                                                 " FROM ledger WHERE market = $1 AND signal = $2 ORDER BY number",
                                             values));
    std::vector<StoredEntry> entries;
    for (const Row& row : answer.rows) entries.push_back(stored_of(row));
    return entries;
}

Result<std::vector<LedgerEntry>> followed_in(Database& database, const std::string& market) {
    const Value values[] = {market};
    VT_TRY(const Answer answer, database.ask("SELECT " + std::string(kEntryColumns) +
                                                 " FROM ledger WHERE market = $1 AND length(follow) > 0" +
                                                 std::string(kIsLast) + " ORDER BY number",
                                             values));
    std::vector<LedgerEntry> entries;
    for (const Row& row : answer.rows) entries.push_back(stored_of(row).entry);
    return entries;
}

Result<std::vector<Raising>> raisings(Database& database, const std::string& market) {
    const Value values[] = {market};
    VT_TRY(const Answer answer,
           database.ask(
               "SELECT signal, run, strategy FROM ledger WHERE market = $1 AND entry = 'raised' ORDER BY number",
               values));
    std::vector<Raising> all;
    for (const Row& row : answer.rows)
        all.push_back({.signal = ledger_text(row, 0), .run = ledger_text(row, 1), .strategy = ledger_text(row, 2)});
    return all;
}

Result<std::vector<LedgerEntry>> oldest_entries(Database& database, std::size_t limit) {
    const Value values[] = {static_cast<std::int64_t>(limit)};
    VT_TRY(const Answer answer,
           database.ask("SELECT " + std::string(kEntryColumns) + " FROM ledger ORDER BY market, number LIMIT $1",
                        values));
    std::vector<LedgerEntry> entries;
    for (const Row& row : answer.rows) entries.push_back(stored_of(row).entry);
    return entries;
}

Result<void> remove_entries(Database& database, std::span<const LedgerEntry> entries) {
    for (const LedgerEntry& entry : entries) {
        const Value key[] = {entry.market, entry.signal, entry.entry};
        VT_TRY([[maybe_unused]] const Answer gone,
               database.ask("DELETE FROM ledger WHERE market = $1 AND signal = $2 AND entry = $3", key));
    }
    return {};
}

Result<LedgerCheck> check_ledger(Database& database, const std::string& market) {
    LedgerCheck check;
    std::int64_t number = 0;
    while (true) {
        const Value values[] = {market, number, kCheckPage};
        VT_TRY(const Answer page, database.ask("SELECT " + std::string(kEntryColumns) +
                                                   " FROM ledger WHERE market = $1 AND number > $2 ORDER BY number"
                                                   " LIMIT $3",
                                               values));
        for (const Row& row : page.rows) {
            const StoredEntry stored = stored_of(row);
            ++number;
            const bool is_sound = static_cast<std::int64_t>(stored.number) == number &&
                                  stored.hash == hash_of(check.last_hash, number, stored.entry);
            if (!is_sound) {
                check.broken_at = static_cast<std::uint64_t>(number);
                return check;
            }
            check.last_hash = stored.hash;
            ++check.entries;
        }
        if (page.rows.size() < static_cast<std::size_t>(kCheckPage)) return check;
    }
}

Result<std::vector<std::string>> ledger_markets(Database& database) {
    VT_TRY(const Answer answer, database.ask("SELECT DISTINCT market FROM ledger ORDER BY market", {}));
    std::vector<std::string> markets;
    for (const Row& row : answer.rows) markets.push_back(ledger_text(row, 0));
    return markets;
}

}  // namespace vt::records
