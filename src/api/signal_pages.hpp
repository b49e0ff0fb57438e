#pragma once

#include "api/route.hpp"
#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "records/ledger.hpp"
#include "views/snapshot.hpp"

#include <functional>
#include <string>
#include <vector>

namespace vt::api {

/// Answer a question about the ledger, sooner or later, once, on the API's thread.
using ReadSignals =
    std::function<void(records::SignalQuery query, std::function<void(const Result<records::SignalPage>&)> done)>;
using EntriesRead = std::function<void(const Result<std::vector<records::StoredEntry>>&)>;
using ReadEntries = std::function<void(std::string market, std::string signal, EntriesRead done)>;

/// The query of `/api/signals`.
[[nodiscard]] std::vector<QueryParameter> signal_parameters();
/// What a call asks for of a market, but the symbol.
///   errors: out_of_range: names the parameter, and what it may be
[[nodiscard]] Result<records::SignalQuery> signal_query_of(const Call& call, std::string_view market);

/// The document Signals: the last entry of each.
void write_signal_page(JsonWriter& out, std::string_view market, const records::SignalPage& page);
/// The document SignalHistory: every entry of one. in: not empty
void write_signal_history(JsonWriter& out, const std::vector<records::StoredEntry>& entries);
/// The signals of a dashboard, the newest first: what changes only when something happens.
void write_signal_rows(JsonWriter& out, const views::Snapshot& snapshot);

}  // namespace vt::api
