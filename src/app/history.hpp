#pragma once

#include "app/commands.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace vt::app {

/// What the subcommands of `virtuoso history` are told; each reads what concerns it.
struct HistoryOptions {
    ConfigOptions config;
    std::string directory;  ///< --dir; empty: history.directory, else the user's data folder
    std::string venue;
    std::string category;
    std::vector<std::string> symbols;
    std::vector<std::string> kinds;
    std::string timeframe;
    std::string from;
    std::string to;
    std::string file;  ///< CSV to read or write
    std::string day;
    bool is_open_end_accepted = false;
    bool replace_conflicts = false;
    bool keep_stored = false;
    std::uint32_t keep_days = 0;
    std::uint64_t bytes_max = 0;
    bool is_dry_run = false;
    bool as_json = false;
};

/// Adds `history` and its subcommands; a parsed one puts itself into `chosen`.
void add_history_commands(CLI::App& app, const std::shared_ptr<HistoryOptions>& options,
                          std::function<Exit()>& chosen);

[[nodiscard]] Exit history_fetch(const HistoryOptions& options);
[[nodiscard]] Exit history_list(const HistoryOptions& options);
[[nodiscard]] Exit history_gaps(const HistoryOptions& options);
[[nodiscard]] Exit history_verify(const HistoryOptions& options);
[[nodiscard]] Exit history_export(const HistoryOptions& options);
[[nodiscard]] Exit history_import(const HistoryOptions& options);
[[nodiscard]] Exit history_prune(const HistoryOptions& options);

}  // namespace vt::app
