#include "records/repository.hpp"

#include "base/assert.hpp"
#include "records/schema.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace vt::records {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;

std::int64_t hour_of(std::int64_t ms) { return to_ms(floor_to(from_ms(ms), std::chrono::hours{1})); }

const Table& table(std::size_t index) { return tables_at(latest_version())[index]; }

Row row_of(const ScoreRow& score) {
    const ScoreKey& key = score.key;
    Row row = {key.market,
               key.instrument,
               to_ms(key.at),
               key.run,
               static_cast<std::int64_t>(key.number),
               value_of(score.score),
               score.sum,
               score.coverage,
               value_of(score.confidence),
               value_of(score.direction),
               score.causes};
    for (const std::optional<double>& dimension : score.dimensions) row.push_back(value_of(dimension));
    row.push_back(value_of(score.first_sequence));
    row.push_back(value_of(score.last_sequence));
    return row;
}

Row row_of(const Explanation& explanation) {
    const ScoreKey& key = explanation.key;
    return {key.market,
            key.instrument,
            to_ms(key.at),
            key.run,
            static_cast<std::int64_t>(key.number),
            static_cast<std::int64_t>(explanation.plain_bytes),
            Blob{explanation.body}};
}

Row row_of(const RunRow& run) {
    return {run.run, run.market, to_ms(run.started), run.program, run.configuration, run.weights};
}

Row row_of(const LossRow& loss) {
    return {loss.run, to_ms(loss.at), static_cast<std::int64_t>(loss.number), loss.reason};
}

template <class T>
std::vector<Row> rows_of(const std::vector<T>& all) {
    std::vector<Row> rows;
    rows.reserve(all.size());
    for (const T& one : all) rows.push_back(row_of(one));
    return rows;
}

std::string text_at(const Row& row, std::size_t i) { return optional_of<std::string>(row[i]).value_or(""); }
std::int64_t whole_at(const Row& row, std::size_t i) { return optional_of<std::int64_t>(row[i]).value_or(0); }

ScoreKey key_of(const Row& row) {
    return {.market = text_at(row, 0),
            .instrument = text_at(row, 1),
            .at = from_ms(whole_at(row, 2)),
            .run = text_at(row, 3),
            .number = static_cast<std::uint64_t>(whole_at(row, 4))};
}

ScoreRow score_of(const Row& row) {
    ScoreRow score{.key = key_of(row),
                   .score = optional_of<double>(row[5]),
                   .sum = optional_of<double>(row[6]).value_or(0),  // NOT NULL, as the next
                   .coverage = optional_of<double>(row[7]).value_or(0),
                   .confidence = optional_of<double>(row[8]),
                   .direction = optional_of<std::string>(row[9]),
                   .causes = text_at(row, 10)};
    for (std::size_t d = 0; d < score.dimensions.size(); ++d) score.dimensions[d] = optional_of<double>(row[11 + d]);
    score.first_sequence = optional_of<std::int64_t>(row[17]);
    score.last_sequence = optional_of<std::int64_t>(row[18]);
    return score;
}

Explanation explanation_of(const Row& row) {
    return {.key = key_of(row),
            .plain_bytes = static_cast<std::uint64_t>(whole_at(row, 5)),
            .body = optional_of<Blob>(row[6]).value_or(Blob{}).bytes};
}

std::string columns_of(const Table& of) {
    std::string names;
    for (const Column& column : of.columns) names += (names.empty() ? "" : ", ") + std::string(column.name);
    return names;
}

std::vector<Value> values_of(const ScoreKey& key) {
    return {key.market, key.instrument, to_ms(key.at), key.run, static_cast<std::int64_t>(key.number)};
}

constexpr const char* kByKey = " WHERE market = $1 AND instrument = $2 AND at_ms = $3 AND run = $4 AND number = $5";

/// Where a page ended: time, number, run.
struct Position {
    std::int64_t at_ms = 0;
    std::int64_t number = 0;
    std::string run;
};

std::string cursor_at(const ScoreKey& key) {
    return std::to_string(to_ms(key.at)) + "." + std::to_string(key.number) + "." + key.run;
}

std::optional<Position> position_of(std::string_view cursor) {
    Position position;
    const char* end = cursor.data() + cursor.size();
    const auto [dot, first] = std::from_chars(cursor.data(), end, position.at_ms);
    if (first != std::errc{} || dot == end || *dot != '.') return std::nullopt;
    const auto [next, second] = std::from_chars(dot + 1, end, position.number);
    if (second != std::errc{} || next == end || *next != '.') return std::nullopt;
    position.run.assign(next + 1, end);
    return position;
}

}  // namespace

Result<Repository> Repository::open(std::unique_ptr<Database> database, Timestamp now) {
    VT_ASSERT(database != nullptr);
    if (Result<void> known = refuse_newer(*database); !known) return tl::unexpected<Error>(std::move(known.error()));
    VT_TRY([[maybe_unused]] const std::string copy, migrate(*database, latest_version(), now));
    return Repository(std::move(database));
}

Result<std::uint64_t> Repository::append(const Batch& batch) {
    VT_TRY(Transaction transaction, Transaction::begin(*database_, Access::write));
    VT_TRY([[maybe_unused]] const std::uint64_t runs, database_->append(table(kRuns), rows_of(batch.runs)));
    if (Result<void> named = name_instruments(batch); !named) return tl::unexpected<Error>(std::move(named.error()));
    VT_TRY(const std::uint64_t added, database_->append(table(kScores), rows_of(batch.scores)));
    VT_TRY(const std::uint64_t explained, database_->append(table(kExplanations), rows_of(batch.explanations)));
    VT_TRY([[maybe_unused]] const std::uint64_t losses, database_->append(table(kLosses), rows_of(batch.losses)));
    VT_TRY([[maybe_unused]] const std::uint64_t entered, append_to_ledger(*database_, batch.ledger));
    // A batch that was stored already, and whose answer was lost, is not counted twice.
    if (added + explained > 0) {
        if (Result<void> counted = count_hours(batch); !counted)
            return tl::unexpected<Error>(std::move(counted.error()));
    }
    if (Result<void> done = transaction.commit(); !done) return tl::unexpected<Error>(std::move(done.error()));
    for (const ScoreRow& score : batch.scores) named_.emplace(score.key.market, score.key.instrument);
    return added;
}

Result<void> Repository::name_instruments(const Batch& batch) {
    std::set<std::pair<std::string, std::string>> fresh;
    for (const ScoreRow& score : batch.scores) {
        std::pair<std::string, std::string> name(score.key.market, score.key.instrument);
        if (!named_.contains(name)) fresh.insert(std::move(name));
    }
    std::vector<Row> rows;
    for (const auto& [market, instrument] : fresh) rows.push_back({market, instrument});
    VT_TRY([[maybe_unused]] const std::uint64_t added, database_->append(table(kInstruments), rows));
    return {};
}

Result<void> Repository::count_hours(const Batch& batch) {
    std::map<std::int64_t, Usage> hours;
    for (const ScoreRow& score : batch.scores) ++hours[hour_of(to_ms(score.key.at))].scores;
    for (const Explanation& explanation : batch.explanations)
        hours[hour_of(to_ms(explanation.key.at))].bytes += explanation.body.size();
    for (const auto& [hour, added] : hours) {
        const Value values[] = {hour, static_cast<std::int64_t>(added.scores),
                                static_cast<std::int64_t>(added.bytes)};
        VT_TRY(
            [[maybe_unused]] const Answer counted,
            database_->ask("INSERT INTO kept_hours (hour_ms, scores, bytes) VALUES ($1, $2, $3) ON CONFLICT (hour_ms)"
                           " DO UPDATE SET scores = kept_hours.scores + excluded.scores,"
                           " bytes = kept_hours.bytes + excluded.bytes",
                           values));
    }
    return {};
}

Result<ScorePage> Repository::scores(const ScoreQuery& query) {
    if (query.limit == 0 || query.limit > kPageMax)
        return fail(Errc::out_of_range, "limit is from 1 to " + std::to_string(kPageMax));
    // Before all of `from`, or of `to` where the order is turned round.
    Position after{.at_ms = to_ms(query.newest_first ? query.to : query.from), .number = -1};
    if (!query.cursor.empty()) {
        const std::optional<Position> given = position_of(query.cursor);
        if (!given) return fail(Errc::malformed, "the cursor is not one that a page gave");
        after = *given;
    }
    const std::string order = query.newest_first ? "DESC" : "ASC";
    const std::string sign = query.newest_first ? "<" : ">";
    const std::string statement = "SELECT " + columns_of(table(kScores)) +
                                  " FROM scores WHERE market = $1 AND instrument = $2 AND at_ms >= $3 AND at_ms < $4"
                                  " AND (at_ms, run, number) " +
                                  sign + " ($5, $6, $7) ORDER BY at_ms " + order + ", run " + order + ", number " +
                                  order + " LIMIT $8";
    const Value values[] = {
        query.market, query.instrument, to_ms(query.from), to_ms(query.to),
        after.at_ms,  after.run,        after.number,      static_cast<std::int64_t>(query.limit + 1)};
    VT_TRY(const Answer answer, database_->ask(statement, values));
    ScorePage page;
    for (const Row& row : answer.rows) {
        if (page.scores.size() == query.limit) {
            page.cursor = cursor_at(page.scores.back().key);
            break;
        }
        page.scores.push_back(score_of(row));
    }
    return page;
}

Result<std::optional<Explanation>> Repository::explanation(const ScoreKey& key) {
    VT_TRY(
        const Answer answer,
        database_->ask("SELECT " + columns_of(table(kExplanations)) + " FROM explanations" + kByKey, values_of(key)));
    if (answer.rows.empty()) return std::nullopt;
    return explanation_of(answer.rows.front());
}

Result<std::vector<RunRow>> Repository::runs() {
    VT_TRY(const Answer answer,
           database_->ask("SELECT " + columns_of(table(kRuns)) + " FROM runs ORDER BY started_ms, run", {}));
    std::vector<RunRow> runs;
    for (const Row& row : answer.rows) {
        runs.push_back({.run = text_at(row, 0),
                        .market = text_at(row, 1),
                        .started = from_ms(whole_at(row, 2)),
                        .program = text_at(row, 3),
                        .configuration = text_at(row, 4),
                        .weights = text_at(row, 5)});
    }
    return runs;
}

Result<std::uint64_t> Repository::losses() {
    VT_TRY(const Answer answer, database_->ask("SELECT CAST(coalesce(sum(number), 0) AS BIGINT) FROM losses", {}));
    return static_cast<std::uint64_t>(whole_at(answer.rows.at(0), 0));
}

Result<Usage> Repository::usage() {
    VT_TRY(const Answer answer, database_->ask("SELECT CAST(coalesce(sum(scores), 0) AS BIGINT),"
                                               " CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM kept_hours",
                                               {}));
    const auto scores = static_cast<std::uint64_t>(whole_at(answer.rows.at(0), 0));
    return Usage{scores, scores * kScoreRowBytes + static_cast<std::uint64_t>(whole_at(answer.rows.at(0), 1))};
}

Result<Batch> Repository::oldest(std::size_t limit) {
    const Value values[] = {static_cast<std::int64_t>(limit)};
    Batch batch;
    VT_TRY(batch.runs, runs());
    VT_TRY(const Answer scores,
           database_->ask("SELECT " + columns_of(table(kScores)) +
                              " FROM scores ORDER BY market, instrument, at_ms, run, number LIMIT $1",
                          values));
    for (const Row& row : scores.rows) {
        batch.scores.push_back(score_of(row));
        VT_TRY(std::optional<Explanation> found, explanation(batch.scores.back().key));
        if (found) batch.explanations.push_back(std::move(*found));
    }
    VT_TRY(
        const Answer losses,
        database_->ask("SELECT " + columns_of(table(kLosses)) + " FROM losses ORDER BY run, at_ms LIMIT $1", values));
    for (const Row& row : losses.rows) {
        batch.losses.push_back({.run = text_at(row, 0),
                                .at = from_ms(whole_at(row, 1)),
                                .number = static_cast<std::uint64_t>(whole_at(row, 2)),
                                .reason = text_at(row, 3)});
    }
    VT_TRY(batch.ledger, oldest_entries(*database_, limit));
    return batch;
}

Result<void> Repository::remove(const Batch& batch) {
    VT_TRY(Transaction transaction, Transaction::begin(*database_, Access::write));
    std::map<std::int64_t, Usage> hours;  // what went: somebody else may have been first
    for (const ScoreRow& score : batch.scores) {
        VT_TRY(const Answer gone, database_->ask("DELETE FROM scores" + std::string(kByKey), values_of(score.key)));
        hours[hour_of(to_ms(score.key.at))].scores += gone.changed;
    }
    for (const Explanation& explanation : batch.explanations) {
        VT_TRY(const Answer gone,
               database_->ask("DELETE FROM explanations" + std::string(kByKey), values_of(explanation.key)));
        if (gone.changed > 0) hours[hour_of(to_ms(explanation.key.at))].bytes += explanation.body.size();
    }
    for (const auto& [hour, gone] : hours) {
        const Value values[] = {hour, static_cast<std::int64_t>(gone.scores), static_cast<std::int64_t>(gone.bytes)};
        VT_TRY([[maybe_unused]] const Answer counted,
               database_->ask("UPDATE kept_hours SET scores = scores - $2, bytes = bytes - $3 WHERE hour_ms = $1",
                              values));
    }
    VT_TRY([[maybe_unused]] const Answer empty, database_->ask("DELETE FROM kept_hours WHERE scores <= 0", {}));
    for (const LossRow& loss : batch.losses) {
        const Value key[] = {loss.run, to_ms(loss.at)};
        VT_TRY([[maybe_unused]] const Answer gone,
               database_->ask("DELETE FROM losses WHERE run = $1 AND at_ms = $2", key));
    }
    if (Result<void> gone = remove_entries(*database_, batch.ledger); !gone) return gone;
    return transaction.commit();
}

Result<Removed> Repository::remove_hour(std::int64_t hour_ms, bool scores_too) {
    Removed removed;
    VT_TRY(Transaction transaction, Transaction::begin(*database_, Access::write));
    VT_TRY(const Answer instruments, database_->ask("SELECT market, instrument FROM instruments", {}));
    for (const Row& instrument : instruments.rows) {
        const Value range[] = {instrument[0], instrument[1], hour_ms, hour_ms + kHourMs};
        const std::string where = " WHERE market = $1 AND instrument = $2 AND at_ms >= $3 AND at_ms < $4";
        VT_TRY(const Answer explanations, database_->ask("DELETE FROM explanations" + where, range));
        removed.explanations += explanations.changed;
        if (!scores_too) continue;
        VT_TRY(const Answer scores, database_->ask("DELETE FROM scores" + where, range));
        removed.scores += scores.changed;
    }
    const Value hour[] = {hour_ms};
    VT_TRY([[maybe_unused]] const Answer counted,
           database_->ask(scores_too ? "DELETE FROM kept_hours WHERE hour_ms = $1"
                                     : "UPDATE kept_hours SET bytes = 0 WHERE hour_ms = $1",
                          hour));
    if (Result<void> done = transaction.commit(); !done) return tl::unexpected<Error>(std::move(done.error()));
    return removed;
}

Result<Removed> Repository::apply(const Retention& retention, Timestamp now, std::size_t hours_max) {
    VT_TRY(const Answer answer, database_->ask("SELECT hour_ms, scores, bytes FROM kept_hours ORDER BY hour_ms", {}));
    const std::int64_t this_hour = hour_of(to_ms(now));
    const auto cutoff = [&](std::uint32_t days) {
        return days == 0 ? std::numeric_limits<std::int64_t>::min() : to_ms(now) - days * kDayMs;
    };
    std::uint64_t total = 0;
    for (const Row& row : answer.rows)
        total += static_cast<std::uint64_t>(whole_at(row, 1)) * kScoreRowBytes +
                 static_cast<std::uint64_t>(whole_at(row, 2));
    Removed removed;
    std::size_t hours = 0;
    // Explanations are the larger part and the lesser loss: over the limit, all of theirs go before the first score.
    for (const bool scores_too : {false, true}) {
        for (const Row& row : answer.rows) {
            const std::int64_t hour = whole_at(row, 0);
            const auto explained = static_cast<std::uint64_t>(whole_at(row, 2));
            const std::uint64_t room =
                scores_too ? static_cast<std::uint64_t>(whole_at(row, 1)) * kScoreRowBytes : explained;
            const bool is_old =
                hour + kHourMs <= cutoff(scores_too ? retention.keep_days : retention.explanations_keep_days);
            const bool is_over = retention.bytes_max > 0 && total > retention.bytes_max;
            if (hour >= this_hour || (!is_old && !is_over)) break;
            if (!scores_too && explained == 0) continue;
            if (hours++ == hours_max) return removed;
            VT_TRY(const Removed gone, remove_hour(hour, scores_too));
            removed.scores += gone.scores;
            removed.explanations += gone.explanations;
            total -= std::min(total, room);
        }
    }
    if (hours > 0) {
        if (Result<void> shrunk = database_->shrink(); !shrunk)
            return tl::unexpected<Error>(std::move(shrunk.error()));
    }
    return removed;
}

Result<void> Repository::recount() { return recount_hours(*database_); }

Result<void> recount_hours(Database& database) {
    VT_TRY(Transaction transaction, Transaction::begin(database, Access::write));
    if (Result<void> counted = database.run(
            "DELETE FROM kept_hours;"
            "INSERT INTO kept_hours (hour_ms, scores, bytes) SELECT at_ms / 3600000 * 3600000, count(*), 0 FROM "
            "scores"
            " GROUP BY 1;"
            "INSERT INTO kept_hours (hour_ms, scores, bytes) SELECT at_ms / 3600000 * 3600000, 0, sum(length(body))"
            " FROM explanations WHERE true GROUP BY 1 ON CONFLICT (hour_ms) DO UPDATE SET bytes = excluded.bytes;");
        !counted)
        return counted;
    return transaction.commit();
}

}  // namespace vt::records
