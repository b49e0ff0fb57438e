#pragma once

#include "app/history.hpp"
#include "base/result.hpp"
#include "config/config.hpp"
#include "history/store.hpp"

#include <filesystem>
#include <optional>

namespace vt::app {

/// Where the history files are: --dir, else history.directory, else the user's data folder.
///   errors: configuration
[[nodiscard]] Result<std::filesystem::path> history_directory(const HistoryOptions& options,
                                                              const config::Config& config);

/// Prints what is wrong with the flags.
[[nodiscard]] Exit report_usage(const Error& error);

/// Which series the flags name; what is not given matches all.
///   errors: configuration
[[nodiscard]] Result<history::Selection> history_selection(const HistoryOptions& options);

/// The one series that the flags name; venue and category default to bybit linear.
///   errors: configuration
[[nodiscard]] Result<history::Series> history_series(const HistoryOptions& options);

/// --from and --to, where given.
///   errors: configuration
[[nodiscard]] Result<std::optional<history::TimeRange>> history_range(const HistoryOptions& options);

}  // namespace vt::app
