#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "config/config.hpp"
#include "gateway/gateway.hpp"
#include "history/fetch.hpp"
#include "market/instrument.hpp"
#include "records/repository.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace vt::runtime {

/// Of which time signals are reconstructed: whole days by UTC, so that the same day gives the same signals.
struct BackfillSpan {
    Timestamp lived_from;    ///< a day before the decisions: what the analysis has to have seen first
    Timestamp decide_from;   ///< minutes from here on may raise a signal
    Timestamp decide_until;  ///< to here: a day before the end, so that what became of each is known
    Timestamp until;
};
[[nodiscard]] BackfillSpan backfill_span(Timestamp now, std::uint32_t days);

/// What has to be fetched for it: candles, funding, open interest and ratios of Bybit's linear contracts.
[[nodiscard]] std::vector<history::FetchOrder> backfill_orders(const std::vector<std::string>& symbols,
                                                               const BackfillSpan& span);

struct ReconstructedSignals {
    std::vector<records::LedgerEntry> entries;  ///< in the order in which they would have become known
    std::size_t raised = 0;
    std::size_t held_back = 0;
};

/// Whether to go on. in: share of the work that is done, 0..1; called some times a second
using GoOn = std::function<bool(double share)>;

/// Lives through the span by the history files.
///   in:     instruments: those of which files are there
///   out:    the same files, the same entries
///   errors: io, corrupt (a history file), unavailable (told to stop)
///   cost:   some tens of seconds for a symbol's month; memory of a day's candles
[[nodiscard]] Result<ReconstructedSignals> reconstruct_signals(const config::Config& config,
                                                               const std::filesystem::path& history,
                                                               const std::vector<market::Instrument>& instruments,
                                                               const BackfillSpan& span, const std::string& ledger,
                                                               const GoOn& go_on);

struct BackfillParams {
    std::vector<std::string> symbols;  ///< as Bybit writes them
    std::uint32_t days = 0;
    std::string market;  ///< "live" or "demo"
    std::filesystem::path history;
    gateway::SiteHosts hosts;
    Timestamp now;
};
struct BackfillReport {
    BackfillSpan span;
    std::vector<std::string> symbols;   ///< of which candles could be had
    std::vector<std::string> left_out;  ///< and of which not, with the reason
    std::size_t raised = 0;
    std::size_t held_back = 0;
    std::uint64_t added = 0;  ///< entries that the ledger did not have yet
};
/// What a backfill is at, for people, and whether to go on.
using BackfillProgress = std::function<bool(const std::string& doing, double share)>;

/// Fetches what is missing on disk, lives through it, and writes what was found into the ledger. A run that was
/// stopped finds what it had fetched; an entry is stored once. The thread waits.
///   errors: as history::Fetch and Repository; unavailable (told to stop)
[[nodiscard]] Result<BackfillReport> backfill(const config::Config& config, BackfillParams params,
                                              records::Repository& repository, const BackfillProgress& progress);

}  // namespace vt::runtime
