#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "records/database.hpp"
#include "records/score_row.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace vt::records {

struct ScoreQuery {
    std::string market;
    std::string instrument;
    Timestamp from;
    Timestamp to;             ///< not included
    std::size_t limit = 100;  ///< at most kPageMax
    bool newest_first = false;
    std::string cursor;  ///< of the page before; empty: the first page
};

struct ScorePage {
    std::vector<ScoreRow> scores;
    std::string cursor;  ///< of the next page; empty: this was the last
};

/// What may stay.
struct Retention {
    std::uint32_t keep_days = 90;                       ///< scores; 0: for ever
    std::uint32_t explanations_keep_days = 7;           ///< 0: as long as their scores
    std::uint64_t bytes_max = std::uint64_t{1} << 30U;  ///< of all; explanations go first; 0: no limit
};

struct Removed {
    std::uint64_t scores = 0;
    std::uint64_t explanations = 0;
};

/// What is kept, as `kept_hours` counts it.
struct Usage {
    std::uint64_t scores = 0;
    std::uint64_t bytes = 0;  ///< an estimate: rows at kScoreRowBytes, and the explanations' own bytes
};

/// What the program keeps: one repository, whatever database is behind it. One thread.
class Repository {
public:
    static constexpr std::size_t kPageMax = 1000;
    static constexpr std::uint64_t kScoreRowBytes = 220;  ///< measured: docs/storage.md

    /// Opens the database, makes or migrates its schema.
    ///   errors: unsupported (a newer schema), as Database
    [[nodiscard]] static Result<Repository> open(std::unique_ptr<Database> database, Timestamp now);

    /// Stores all of it or nothing; what is there already stays as it is.
    ///   out: how many scores were new
    [[nodiscard]] Result<std::uint64_t> append(const Batch& batch);

    /// As of the ledger's functions of the same names.
    [[nodiscard]] Result<SignalPage> signals(const SignalQuery& query) { return signals_of(*database_, query); }
    [[nodiscard]] Result<std::vector<StoredEntry>> entries(const std::string& market, const std::string& signal) {
        return entries_of(*database_, market, signal);
    }
    [[nodiscard]] Result<std::vector<LedgerEntry>> followed(const std::string& market) {
        return followed_in(*database_, market);
    }
    [[nodiscard]] Result<std::vector<Raising>> raisings(const std::string& market) {
        return records::raisings(*database_, market);
    }

    /// errors: malformed (a cursor that no page gave), out_of_range (limit), as Database
    [[nodiscard]] Result<ScorePage> scores(const ScoreQuery& query);
    [[nodiscard]] Result<std::optional<Explanation>> explanation(const ScoreKey& key);
    [[nodiscard]] Result<std::vector<RunRow>> runs();
    /// How many records are known not to be kept, of all runs.
    [[nodiscard]] Result<std::uint64_t> losses();
    [[nodiscard]] Result<Usage> usage();

    /// The first `limit` scores by key with all that belongs to them, and as many entries of the ledger: what a store
    /// that is emptied into another takes next.
    [[nodiscard]] Result<Batch> oldest(std::size_t limit);
    /// Removes what `batch` names.
    [[nodiscard]] Result<void> remove(const Batch& batch);

    /// Removes what may not stay, whole hours, the oldest first; at most `hours_max` of them, so that nobody waits
    /// long. The hour of `now` stays.
    [[nodiscard]] Result<Removed> apply(const Retention& retention, Timestamp now, std::size_t hours_max = 24);

    /// Of all that is kept: see digest_of.
    [[nodiscard]] Result<std::string> digest();
    /// Brings `kept_hours` in line with what is there.
    [[nodiscard]] Result<void> recount();

    [[nodiscard]] Database& database() { return *database_; }

private:
    explicit Repository(std::unique_ptr<Database> database) : database_(std::move(database)) {}
    [[nodiscard]] Result<void> count_hours(const Batch& batch);
    [[nodiscard]] Result<void> name_instruments(const Batch& batch);
    [[nodiscard]] Result<Removed> remove_hour(std::int64_t hour_ms, bool scores_too);

    std::unique_ptr<Database> database_;
    std::set<std::pair<std::string, std::string>> named_;  ///< instruments that the table holds
};

/// SHA-256 over every row of every table, in the order of the keys: equal content, equal digest, whatever the
/// backend.
[[nodiscard]] Result<std::string> digest_of(Database& database);
[[nodiscard]] Result<void> recount_hours(Database& database);

/// Copies every table of content, as it is at one instant, into a database of the same schema or a later one. What is
/// there stays.
///   out: the digest of what was copied
[[nodiscard]] Result<std::string> copy_content(Database& from, Database& into);

}  // namespace vt::records
