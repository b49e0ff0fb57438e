#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/document_text.hpp"
#include "app/record_places.hpp"
#include "app/running_program.hpp"
#include "app/signal_figures.hpp"
#include "base/json_writer.hpp"
#include "base/percent_encoding.hpp"
#include "records/ledger.hpp"
#include "storage/output_file.hpp"

#include <simdjson.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace vt::app {
namespace {

using simdjson::dom::element;

void print_list(element document) {
    std::printf("%-17s  %-16s %-22s %-5s %6s %12s %12s  %-24s %8s\n", "id", "confirmed (UTC)", "symbol", "", "score",
                "entry", "stop", "what became of it", "net R");
    std::size_t count = 0;
    for (const element entry : document["signals"].get_array()) {
        const element signal = entry["signal"];
        std::printf("%-17s  %-16s %-22s %-5s %6s %12s %12s  %-24s %8s\n", text_of(signal["id"]).c_str(),
                    minute_of(signal["confirmed_at"]).c_str(), text_of(signal["symbol"]).c_str(),
                    text_of(signal["direction"]).c_str(), number_of(signal["score"], 1).c_str(),
                    price_of(signal["entry"]).c_str(), price_of(signal["stop"]).c_str(), fate_of(signal).c_str(),
                    signed_of(signal["outcome"]["net_r"], 2).c_str());
        ++count;
    }
    if (count == 0)
        std::printf("\nNone yet. `virtuoso why SYMBOL` says which gate stands between a score and a signal.\n");
    if (const std::string cursor = text_of(document["cursor"]); cursor != "-")
        std::printf("\nThere are more: --cursor %s\n", cursor.c_str());
}

void print_levels(element signal) {
    std::printf("  entry %s at %s UTC, stop %s (now %s), expires %s UTC\n", price_of(signal["entry"]).c_str(),
                minute_of(signal["entered_at"]).c_str(), price_of(signal["stop"]).c_str(),
                price_of(signal["stop_now"]).c_str(), minute_of(signal["expiry_at"]).c_str());
    for (const element target : signal["targets"].get_array())
        std::printf("  target %-12s %s\n", price_of(target["price"]).c_str(),
                    target["hit_at"].is_null() ? "" : ("reached " + minute_of(target["hit_at"]) + " UTC").c_str());
    std::printf("  size  %s of the equity; costs %s bps a fill, %s bps to enter, %s bps to leave\n",
                number_of(signal["size"], 3).c_str(), number_of(signal["costs"]["fee_bps"], 2).c_str(),
                number_of(signal["costs"]["entry_bps"], 2).c_str(),
                number_of(signal["costs"]["exit_bps"], 2).c_str());
}

void print_outcome(element outcome) {
    const bool is_partly_closed = double(outcome["open_share"]) < 1;
    if (is_partly_closed) {
        std::printf("\n  gross %s bps, net %s bps (funding %s), net %s R", signed_of(outcome["gross_bps"], 1).c_str(),
                    signed_of(outcome["net_bps"], 1).c_str(), signed_of(outcome["funding_bps"], 2).c_str(),
                    signed_of(outcome["net_r"], 3).c_str());
    }
    std::printf("\n  best %s, worst %s bps so far%s\n", signed_of(outcome["mfe_bps"], 1).c_str(),
                signed_of(outcome["mae_bps"], 1).c_str(),
                bool(outcome["has_gap"]) ? "; part of the path was not seen" : "");
    for (const char* horizon : {"15m", "1h", "4h", "24h"})
        std::printf("  after %-4s gross %8s  net %8s bps\n", horizon,
                    signed_of(outcome["horizons"][horizon]["gross_bps"], 1).c_str(),
                    signed_of(outcome["horizons"][horizon]["net_bps"], 1).c_str());
}

void print_one(element document) {
    const element signal = document["signal"];
    std::printf("%s  %s %s, score %s, %s%s\n", text_of(document["id"]).c_str(), text_of(signal["symbol"]).c_str(),
                text_of(signal["direction"]).c_str(), number_of(signal["score"], 2).c_str(), fate_of(signal).c_str(),
                bool(signal["is_uncalibrated"]) ? " (uncalibrated)" : "");
    for (const element reason : signal["reasons"].get_array()) std::printf("  %s\n", text_of(reason).c_str());
    if (signal["outcome"].is_object()) {
        print_levels(signal);
        print_outcome(signal["outcome"]);
    }
    std::printf("\n%8s  %-16s %-12s %s\n", "entry", "at (UTC)", "what", "hash");
    for (const element entry : document["entries"].get_array())
        std::printf("%8s  %-16s %-12s %.16s...\n", number_of(entry["number"], 0).c_str(),
                    minute_of(entry["at"]).c_str(), text_of(entry["entry"]).c_str(), text_of(entry["hash"]).c_str());
}

std::string interval_of(const Value& interval, std::string (*figure)(const Value&, int)) {
    simdjson::dom::array ends;
    if (interval.get(ends) != simdjson::SUCCESS || ends.size() != 2) return "-";
    return figure(ends.at(0), 3) + " to " + figure(ends.at(1), 3);
}

void print_share(element record, const char* name, const char* title) {
    std::printf("  %-10s %6s  (%s; random entries %s)\n", title, number_of(record[name]["share"], 3).c_str(),
                interval_of(record[name]["interval"], number_of).c_str(), number_of(record[name]["null"], 2).c_str());
}

void print_performance(element document) {
    const element all = document["all"];
    std::printf("%s market: %s signals ended, %s effective, %s open; %s set(s) of parameters tried\n",
                text_of(document["market"]).c_str(), number_of(all["n"], 0).c_str(),
                number_of(all["n_eff"], 1).c_str(), number_of(all["open"], 0).c_str(),
                number_of(document["trials"], 0).c_str());
    if (bool(all["is_thin"])) std::printf("Too few to judge by: below 30 effective outcomes chance rules.\n");
    if (double(all["n"]) == 0) return;
    print_share(all, "target", "target");
    print_share(all, "stop", "stop");
    print_share(all, "expired", "expired");
    const element results = all["results"];
    if (!results.is_object()) return;
    std::printf("  mean net R %s (%s), chance of it where there is no profit %s\n",
                signed_of(results["mean_net_r"], 3).c_str(), interval_of(results["mean_interval"], signed_of).c_str(),
                number_of(results["p_profit"], 3).c_str());
    std::printf("  PSR %s, DSR %s, deepest fall %s R\n", number_of(results["probabilistic_sharpe"], 3).c_str(),
                number_of(results["deflated_sharpe"], 3).c_str(),
                number_of(results["maximum_drawdown_r"], 2).c_str());
}

Exit show_signals(const SignalsOptions& options, const std::string& target, void (*print)(element)) {
    const auto loaded = load_configuration(options.config);
    if (!loaded) return report(loaded.error());
    const auto body = ask_running_program(*loaded, target);
    if (!body) return report(body.error());
    if (options.as_json) {
        std::printf("%s\n", body->c_str());
        return Exit::ok;
    }
    try {
        simdjson::dom::parser parser;
        print(parser.parse(*body));
    } catch (const simdjson::simdjson_error& error) {
        return report(unknown_form(error));
    }
    return Exit::ok;
}

constexpr std::string_view kCsvHead =
    "number,id,instrument,strategy,direction,state,suppressed_by,confirmed_at,score,entry,stop,first_barrier,ended_"
    "at,"
    "gross_bps,net_bps,funding_bps,net_r,mfe_bps,mae_bps,has_gap,net_15m_bps,net_1h_bps,net_4h_bps,net_24h_bps\n";

/// A value of a CSV line: JSON's own text, null as nothing. None of ours holds a comma or a quote.
std::string csv_value(simdjson::simdjson_result<element> value) {
    element found;
    if (value.get(found) != simdjson::SUCCESS || found.is_null()) return "";
    std::string_view text;
    return found.get(text) == simdjson::SUCCESS ? std::string(text) : std::string(simdjson::minify(found));
}

std::string csv_line(const records::StoredEntry& stored, element signal) {
    std::string line = std::to_string(stored.number);
    const auto add = [&](simdjson::simdjson_result<element> value) { line += "," + csv_value(value); };
    for (const char* member : {"id", "instrument", "strategy", "direction", "state", "suppressed_by", "confirmed_at",
                               "score", "entry", "stop"})
        add(signal[member]);
    for (const char* member : {"first_barrier", "ended_at", "gross_bps", "net_bps", "funding_bps", "net_r", "mfe_bps",
                               "mae_bps", "has_gap"})
        add(signal["outcome"][member]);
    for (const char* horizon : {"15m", "1h", "4h", "24h"}) add(signal["outcome"]["horizons"][horizon]["net_bps"]);
    return line + "\n";
}

/// Each signal as it stands, the one that changed last first, to `take`.
template <class Take>
Result<std::size_t> each_signal(records::Database& database, const std::string& market, Take take) {
    records::SignalQuery query{.market = market, .limit = records::kSignalPageMax};
    std::size_t count = 0;
    do {
        VT_TRY(const records::SignalPage page, records::signals_of(database, query));
        for (const records::StoredEntry& stored : page.signals) {
            if (Result<void> taken = take(stored); !taken) return tl::unexpected<Error>(taken.error());
            ++count;
        }
        query.cursor = page.cursor;
    } while (!query.cursor.empty());
    return count;
}

}  // namespace

Exit signals_list(const SignalsOptions& options) {
    std::string target = "/api/signals?limit=" + std::to_string(options.limit);
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) target += "&" + std::string(name) + "=" + percent_encoded(value);
    };
    add("symbol", options.symbol);
    add("state", options.state);
    add("direction", options.direction);
    add("cursor", options.cursor);
    return show_signals(options, target, print_list);
}

Exit signals_show(const SignalsOptions& options) {
    return show_signals(options, "/api/signals/" + percent_encoded(options.id), print_one);
}

Exit signals_performance(const SignalsOptions& options) {
    return show_signals(options, "/api/signals/performance", print_performance);
}

Exit signals_verify(const SignalsOptions& options) {
    auto repository = open_records_to_read(options.config);
    if (!repository) return report(repository.error());
    records::Database& database = repository->database();
    const auto markets = records::ledger_markets(database);
    if (!markets) return report(markets.error());
    Exit result = Exit::ok;
    JsonWriter out;
    out.begin_array();
    for (const std::string& market : *markets) {
        const auto check = records::check_ledger(database, market);
        if (!check) return report(check.error());
        out.begin_object().field("market", market).field("entries", check->entries);
        out.field("last_hash", check->last_hash).field("broken_at", check->broken_at).end_object();
        if (check->broken_at) result = Exit::failed;
        if (options.as_json) continue;
        if (check->broken_at) {
            std::printf("%s: entry %llu is not what its hash says, or is missing; the %llu before it are whole\n",
                        market.c_str(), static_cast<unsigned long long>(*check->broken_at),
                        static_cast<unsigned long long>(check->entries));
        } else {
            std::printf("%s: %llu entries, whole; the last hash is %s\n", market.c_str(),
                        static_cast<unsigned long long>(check->entries), check->last_hash.c_str());
        }
    }
    out.end_array();
    if (options.as_json) std::printf("%s\n", std::string(out.text()).c_str());
    if (!options.as_json && markets->empty()) std::printf("The ledger is empty.\n");
    return result;
}

Exit signals_export(const SignalsOptions& options) {
    auto repository = open_records_to_read(options.config);
    if (!repository) return report(repository.error());
    records::Database& database = repository->database();
    auto file = storage::OutputFile::create(options.file);
    if (!file) return report(file.error());
    const bool is_csv = options.file.ends_with(".csv");
    if (is_csv) {
        if (const auto head = file->append(kCsvHead); !head) return report(head.error());
    }
    simdjson::dom::parser parser;
    const auto count =
        each_signal(database, options.market, [&](const records::StoredEntry& stored) -> Result<void> {
            if (!is_csv) return file->append(stored.entry.body + "\n");
            element signal;
            if (parser.parse(stored.entry.body).get(signal) != simdjson::SUCCESS)
                return fail(Errc::corrupt, "entry " + std::to_string(stored.number) + " of the ledger is no JSON");
            return file->append(csv_line(stored, signal));
        });
    if (!count) return report(count.error());
    if (const auto written = file->sync(); !written) return report(written.error());
    std::printf("%zu signals of the %s market in %s\n", *count, options.market.c_str(), options.file.c_str());
    return Exit::ok;
}

}  // namespace vt::app
