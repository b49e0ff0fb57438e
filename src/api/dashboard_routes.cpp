#include "api/json.hpp"
#include "api/server.hpp"
#include "api/signal_pages.hpp"
#include "base/edit_distance.hpp"
#include "views/perpetuals_pulse.hpp"

#include <tl/expected.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

/// The dashboard's document, its parts, and the smaller one of the phone.
namespace vt::api {
namespace {

constexpr std::size_t kPhoneRows = 30;
constexpr std::size_t kPhoneRowsMax = 1000;

/// Which members of a row are wanted, in the rows' own order.
using Fields = std::vector<const Member<views::Row>*>;

Fields all_fields() {
    Fields all;
    for (const auto& member : row_members()) all.push_back(&member);
    return all;
}

/// in: names: "price,score"; `id` is always there
/// out: or the sentence that says which name is none
tl::expected<Fields, std::string> fields_of(std::string_view names) {
    std::vector<bool> is_wanted(row_members().size());
    while (!names.empty()) {
        const std::size_t end = std::min(names.find(','), names.size());
        const std::string_view name = names.substr(0, end);
        names.remove_prefix(std::min(end + 1, names.size()));
        const auto found = std::ranges::find(row_members(), name, &Member<views::Row>::name);
        if (found != row_members().end()) {
            is_wanted[static_cast<std::size_t>(found - row_members().begin())] = true;
        } else if (name != "id") {
            const auto nearest = std::ranges::min_element(row_members(), {}, [&](const Member<views::Row>& member) {
                return edit_distance(name.substr(0, 40), member.name);
            });
            return tl::unexpected("fields names '" + std::string(name.substr(0, 40)) +
                                  "', which no row has; did you mean " + std::string(nearest->name) + "?");
        }
    }
    Fields fields;
    for (std::size_t i = 0; i < is_wanted.size(); ++i) {
        if (is_wanted[i]) fields.push_back(&row_members()[i]);
    }
    return fields;
}

void write_overview(JsonWriter& out, const views::Snapshot& snapshot) {
    out.key("market_overview").begin_object();
    for (const auto& member : overview_members()) {
        out.key(member.name);
        member.write(out, snapshot.overview);
    }
    out.end_object();
}

void write_rows(JsonWriter& out, const std::vector<const views::Row*>& rows, const Fields& fields) {
    out.key("symbols").begin_array();
    for (const views::Row* row : rows) {
        out.begin_object().field("id", row->instrument.path_id());
        for (const auto* member : fields) {
            out.key(member->name);
            member->write(out, *row);
        }
        out.end_object();
    }
    out.end_array();
}

void write_pulse(JsonWriter& out, const views::Snapshot& snapshot) {
    const views::PerpetualsPulse pulse = views::perpetuals_pulse(snapshot);
    out.key("perpetuals_pulse").begin_object().field("coins_count", pulse.coins_count);
    out.field("funding_rate", pulse.funding_rate).field("funding_zscore", pulse.funding_zscore);
    out.field("long_pct", pulse.long_pct)
        .field("short_pct", pulse.long_pct ? std::optional(100 - *pulse.long_pct) : std::nullopt);
    out.field("open_interest_usd", pulse.open_interest_usd).field("volume_24h_usd", pulse.volume_24h_usd);
    out.field("basis_pct", pulse.basis_pct).end_object();
}

/// The rows with the largest turnover first, those that do not know theirs last.
std::vector<const views::Row*> largest_rows(const views::Snapshot& snapshot, std::size_t limit) {
    std::vector<const views::Row*> rows;
    for (const views::Row& row : snapshot.rows) rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(), [](const views::Row* a, const views::Row* b) {
        return a->turnover_24h_usd.value_or(-1) > b->turnover_24h_usd.value_or(-1);
    });
    rows.resize(std::min(limit, rows.size()));
    return rows;
}

void write_phone(JsonWriter& out, const views::Snapshot& snapshot, std::size_t limit, const Fields& fields) {
    begin_part(out, snapshot);
    write_overview(out, snapshot);
    write_rows(out, largest_rows(snapshot, limit), fields);
    out.key("top_movers");
    write_top_movers(out, snapshot);
    write_pulse(out, snapshot);
    out.key("signals");
    write_signal_rows(out, snapshot);
    out.key("alerts").begin_array().end_array().key("system_status");
    write_system_status(out, snapshot);
    out.end_object();
}

}  // namespace

void Server::add_dashboard_routes() {
    routes_.add({.pattern = "/api/dashboard/data",
                 .summary = "Everything the overview shows",
                 .schema = "Dashboard",
                 .handler = [this](const Call&) {
                     return for_market("dashboard", [this](JsonWriter& out, const views::Snapshot&) {
                         out.raw(topics_.overview().snapshot());
                     });
                 }});
    const auto add_part = [this](std::string pattern, std::string summary, std::string schema,
                                 void (*write)(JsonWriter&, const views::Snapshot&)) {
        routes_.add({.pattern = pattern,
                     .summary = std::move(summary),
                     .schema = std::move(schema),
                     .handler = [this, pattern, write](const Call&) {
                         return for_market(pattern, [write](JsonWriter& out, const views::Snapshot& snapshot) {
                             begin_part(out, snapshot);
                             write(out, snapshot);
                             out.end_object();
                         });
                     }});
    };
    add_part("/api/dashboard/market-overview", "The market as a whole, as the dashboard has it", "OverviewPart",
             write_overview);
    add_part("/api/dashboard/symbols", "The dashboard's rows", "SymbolsPart",
             [](JsonWriter& out, const views::Snapshot& snapshot) {
                 std::vector<const views::Row*> rows;
                 for (const views::Row& row : snapshot.rows) rows.push_back(&row);
                 write_rows(out, rows, all_fields());
             });
    add_part("/api/dashboard/signals", "Signals that are open or ended within a day, the newest first", "SignalsPart",
             [](JsonWriter& out, const views::Snapshot& snapshot) {
                 out.key("signals");
                 write_signal_rows(out, snapshot);
             });
    add_part("/api/dashboard/perpetuals-pulse", "The perpetuals in a few numbers, over one for each coin",
             "PulsePart", write_pulse);
    routes_.add({.pattern = "/api/dashboard/mobile",
                 .summary = "The dashboard for a phone: the rows with the largest turnover",
                 .schema = "MobileDashboard",
                 .query = {count_parameter("limit", kPhoneRows, kPhoneRowsMax, "rows"),
                           {.name = "fields",
                            .schema = R"({"type":"string"})",
                            .meaning = "members of a row, with commas between them; id is always there"}},
                 .handler = [this](const Call& call) {
                     const auto limit = call.count("limit", kPhoneRows, kPhoneRowsMax);
                     if (!limit) return count_problem("limit", kPhoneRowsMax);
                     const auto names = call.query("fields");
                     const auto fields = names ? fields_of(*names) : tl::expected<Fields, std::string>(all_fields());
                     if (!fields) return problem(400, fields.error());
                     std::string key = "mobile " + std::to_string(*limit);
                     for (const auto* member : *fields) key += " " + std::string(member->name);
                     return for_market(key, [&](JsonWriter& out, const views::Snapshot& snapshot) {
                         write_phone(out, snapshot, *limit, *fields);
                     });
                 }});
}

}  // namespace vt::api
