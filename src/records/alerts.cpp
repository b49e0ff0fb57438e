#include "records/alerts.hpp"

#include "base/whole_number.hpp"
#include "records/schema.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace vt::records {
namespace {

constexpr std::string_view kAlertNames =
    "market, id, at_ms, kind, severity, instrument, rule, body, follow, acknowledged_ms, acknowledged_by";
constexpr std::string_view kDeliveryNames =
    "market, alert, channel, state, queued_ms, attempts, settled_ms, message, receipt, problem";

std::string alert_text(const Row& row, std::size_t i) { return optional_of<std::string>(row[i]).value_or(""); }
std::string alert_bytes(const Row& row, std::size_t i) { return optional_of<Blob>(row[i]).value_or(Blob{}).bytes; }
std::int64_t alert_number(const Row& row, std::size_t i) { return optional_of<std::int64_t>(row[i]).value_or(0); }

AlertRow alert_of(const Row& row) {
    return {.market = alert_text(row, 0),
            .id = alert_text(row, 1),
            .at = from_ms(alert_number(row, 2)),
            .kind = alert_text(row, 3),
            .severity = alert_text(row, 4),
            .instrument = alert_text(row, 5),
            .rule = alert_text(row, 6),
            .body = alert_text(row, 7),
            .follow = alert_bytes(row, 8),
            .acknowledged_at = optional_time(row[9]),
            .acknowledged_by = alert_text(row, 10)};
}

DeliveryRow delivery_of(const Row& row) {
    return {.market = alert_text(row, 0),
            .alert = alert_text(row, 1),
            .channel = alert_text(row, 2),
            .state = alert_text(row, 3),
            .queued_at = from_ms(alert_number(row, 4)),
            .attempts = static_cast<std::uint32_t>(alert_number(row, 5)),
            .settled_at = optional_time(row[6]),
            .message = alert_text(row, 7),
            .receipt = alert_text(row, 8),
            .problem = alert_text(row, 9)};
}

std::vector<DeliveryRow> deliveries_in(const Answer& answer) {
    std::vector<DeliveryRow> rows;
    for (const Row& row : answer.rows) rows.push_back(delivery_of(row));
    return rows;
}

Row row_of(const AlertRow& alert) {
    return {
        alert.market,         alert.id,   to_ms(alert.at), alert.kind,         alert.severity,
        alert.instrument,     alert.rule, alert.body,      Blob{alert.follow}, value_of_time(alert.acknowledged_at),
        alert.acknowledged_by};
}

Result<void> put_in_place(Database& database, const DeliveryRow& delivery) {
    const Value values[] = {delivery.market,
                            delivery.alert,
                            delivery.channel,
                            delivery.state,
                            to_ms(delivery.queued_at),
                            static_cast<std::int64_t>(delivery.attempts),
                            value_of_time(delivery.settled_at),
                            delivery.message,
                            delivery.receipt,
                            delivery.problem};
    VT_TRY([[maybe_unused]] const Answer stored,
           database.ask("INSERT INTO alert_deliveries (" + std::string(kDeliveryNames) +
                            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                            " ON CONFLICT (market, alert, channel) DO UPDATE SET state = excluded.state,"
                            " attempts = excluded.attempts, settled_ms = excluded.settled_ms,"
                            " message = excluded.message, receipt = excluded.receipt, problem = excluded.problem",
                        values));
    return {};
}

Result<void> check_page(std::size_t limit) {
    if (limit == 0 || limit > kAlertPageMax)
        return fail(Errc::out_of_range, "limit is from 1 to " + std::to_string(kAlertPageMax));
    return {};
}

/// "<at_ms>-<id>" of the last alert of a page.
struct AlertCursor {
    std::int64_t at_ms = std::numeric_limits<std::int64_t>::max();
    std::string id;
};
Result<AlertCursor> cursor_of(const std::string& text) {
    if (text.empty()) return AlertCursor{};
    const std::size_t dash = text.find('-');
    const auto at = whole_number<std::int64_t>(std::string_view(text).substr(0, dash));
    if (!at || dash == std::string::npos) return fail(Errc::malformed, "the cursor is not one that a page gave");
    return AlertCursor{*at, text.substr(dash + 1)};
}

}  // namespace

Result<void> store_alerts(Database& database, const AlertBatch& batch) {
    if (batch.is_empty()) return {};
    VT_TRY(Transaction transaction, Transaction::begin(database, Access::write));
    const auto tables = tables_at(latest_version());
    std::vector<Row> rows;
    for (const AlertRow& alert : batch.alerts) rows.push_back(row_of(alert));
    VT_TRY([[maybe_unused]] const std::uint64_t alerts, database.append(tables[kAlerts], rows));
    for (const DeliveryRow& delivery : batch.deliveries)
        if (Result<void> done = put_in_place(database, delivery); !done) return done;
    rows.clear();
    for (const OccurrenceRow& seen : batch.occurrences)
        rows.push_back({seen.market, to_ms(seen.at), seen.run, static_cast<std::int64_t>(seen.number), seen.kind,
                        Blob{seen.body}});
    VT_TRY([[maybe_unused]] const std::uint64_t occurrences, database.append(tables[kOccurrences], rows));
    return transaction.commit();
}

Result<AlertPage> alerts_of(Database& database, const AlertQuery& query) {
    if (Result<void> page = check_page(query.limit); !page) return tl::unexpected<Error>(std::move(page.error()));
    VT_TRY(const AlertCursor before, cursor_of(query.cursor));
    std::vector<Value> values{query.market, before.at_ms, before.id};
    std::string where = " WHERE market = $1 AND (at_ms < $2 OR (at_ms = $2 AND id < $3))";
    const auto narrow = [&](std::string_view column, const std::string& wanted) {
        if (wanted.empty()) return;
        values.emplace_back(wanted);
        where += " AND " + std::string(column) + " = $" + std::to_string(values.size());
    };
    narrow("kind", query.kind);
    narrow("severity", query.severity);
    narrow("instrument", query.instrument);
    if (query.only_open) where += " AND acknowledged_ms IS NULL";
    values.emplace_back(static_cast<std::int64_t>(query.limit + 1));
    VT_TRY(const Answer answer,
           database.ask("SELECT " + std::string(kAlertNames) + " FROM alerts" + where +
                            " ORDER BY at_ms DESC, id DESC LIMIT $" + std::to_string(values.size()),
                        values));
    AlertPage page;
    for (const Row& row : answer.rows) {
        if (page.alerts.size() == query.limit) {
            page.cursor = std::to_string(to_ms(page.alerts.back().at)) + "-" + page.alerts.back().id;
            break;
        }
        page.alerts.push_back(alert_of(row));
        page.alerts.back().follow.clear();
    }
    return page;
}

Result<std::optional<AlertRow>> alert_with_id(Database& database, const std::string& market, const std::string& id) {
    const Value values[] = {market, id};
    VT_TRY(const Answer found,
           database.ask("SELECT " + std::string(kAlertNames) + " FROM alerts WHERE market = $1 AND id = $2", values));
    return found.rows.empty() ? std::nullopt : std::optional(alert_of(found.rows[0]));
}

Result<std::uint64_t> acknowledge(Database& database, const std::string& market, const std::vector<std::string>& ids,
                                  const std::string& who, Timestamp now) {
    const std::string change =
        "UPDATE alerts SET acknowledged_ms = $2, acknowledged_by = $3 WHERE market = $1"
        " AND acknowledged_ms IS NULL";
    VT_TRY(Transaction transaction, Transaction::begin(database, Access::write));
    std::uint64_t marked = 0;
    if (ids.empty()) {
        const Value values[] = {market, to_ms(now), who};
        VT_TRY(const Answer all, database.ask(change, values));
        marked = all.changed;
    }
    for (const std::string& id : ids) {
        const Value values[] = {market, to_ms(now), who, id};
        VT_TRY(const Answer one, database.ask(change + " AND id = $4", values));
        marked += one.changed;
    }
    if (Result<void> done = transaction.commit(); !done) return tl::unexpected<Error>(std::move(done.error()));
    return marked;
}

Result<std::vector<DeliveryRow>> deliveries_of(Database& database, const std::string& market,
                                               const std::string& alert) {
    const Value values[] = {market, alert};
    VT_TRY(const Answer found, database.ask("SELECT " + std::string(kDeliveryNames) +
                                                " FROM alert_deliveries WHERE market = $1 AND alert = $2"
                                                " ORDER BY channel",
                                            values));
    return deliveries_in(found);
}

Result<std::vector<DeliveryRow>> delivery_log(Database& database, const std::string& market,
                                              const std::string& channel, std::size_t limit) {
    if (Result<void> page = check_page(limit); !page) return tl::unexpected<Error>(std::move(page.error()));
    std::vector<Value> values{market, static_cast<std::int64_t>(limit)};
    if (!channel.empty()) values.emplace_back(channel);
    VT_TRY(const Answer found,
           database.ask("SELECT " + std::string(kDeliveryNames) + " FROM alert_deliveries WHERE market = $1" +
                            (channel.empty() ? "" : " AND channel = $3") +
                            " ORDER BY queued_ms DESC, alert DESC, channel LIMIT $2",
                        values));
    return deliveries_in(found);
}

Result<AlertBatch> unsettled_alerts(Database& database, const std::string& market) {
    VT_TRY(const Transaction transaction, Transaction::begin(database, Access::read));
    const Value values[] = {market};
    VT_TRY(const Answer found, database.ask("SELECT " + std::string(kDeliveryNames) +
                                                " FROM alert_deliveries WHERE market = $1 AND settled_ms IS NULL"
                                                " ORDER BY queued_ms, alert, channel",
                                            values));
    AlertBatch batch{.deliveries = deliveries_in(found)};
    std::vector<std::string> ids;
    for (const DeliveryRow& delivery : batch.deliveries) ids.push_back(delivery.alert);
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    for (const std::string& id : ids) {
        VT_TRY(auto alert, alert_with_id(database, market, id));
        if (alert) batch.alerts.push_back(std::move(*alert));
    }
    return batch;
}

Result<std::vector<RuleRow>> alert_rules(Database& database, const std::string& market) {
    const Value values[] = {market};
    VT_TRY(const Answer found,
           database.ask("SELECT market, name, body FROM alert_rules WHERE market = $1 ORDER BY name", values));
    std::vector<RuleRow> rules;
    for (const Row& row : found.rows) rules.push_back({alert_text(row, 0), alert_text(row, 1), alert_text(row, 2)});
    return rules;
}

Result<void> replace_alert_rules(Database& database, const std::string& market, const std::vector<RuleRow>& rules) {
    VT_TRY(Transaction transaction, Transaction::begin(database, Access::write));
    const Value values[] = {market};
    VT_TRY([[maybe_unused]] const Answer gone, database.ask("DELETE FROM alert_rules WHERE market = $1", values));
    std::vector<Row> rows;
    for (const RuleRow& rule : rules) rows.push_back({rule.market, rule.name, rule.body});
    VT_TRY([[maybe_unused]] const std::uint64_t added,
           database.append(tables_at(latest_version())[kAlertRules], rows));
    return transaction.commit();
}

Result<std::vector<OccurrenceRow>> occurrences_since(Database& database, const std::string& market,
                                                     const std::string& kind, Timestamp from, std::size_t limit) {
    std::vector<Value> values{market, to_ms(from), static_cast<std::int64_t>(limit)};
    if (!kind.empty()) values.emplace_back(kind);
    VT_TRY(const Answer found, database.ask("SELECT market, at_ms, run, number, kind, body FROM occurrences"
                                            " WHERE market = $1 AND at_ms >= $2" +
                                                std::string(kind.empty() ? "" : " AND kind = $4") +
                                                " ORDER BY at_ms DESC, run DESC, number DESC LIMIT $3",
                                            values));
    std::vector<OccurrenceRow> rows;
    for (auto row = found.rows.rbegin(); row != found.rows.rend(); ++row)
        rows.push_back({.market = alert_text(*row, 0),
                        .at = from_ms(alert_number(*row, 1)),
                        .run = alert_text(*row, 2),
                        .number = static_cast<std::uint64_t>(alert_number(*row, 3)),
                        .kind = alert_text(*row, 4),
                        .body = alert_bytes(*row, 5)});
    return rows;
}

Result<std::uint64_t> forget_alerts(Database& database, Timestamp occurrences_before, Timestamp alerts_before) {
    VT_TRY(Transaction transaction, Transaction::begin(database, Access::write));
    const Value seen_before[] = {to_ms(occurrences_before)};
    VT_TRY(const Answer seen, database.ask("DELETE FROM occurrences WHERE at_ms < $1", seen_before));
    const Value before[] = {to_ms(alerts_before)};
    // an alert that is still on its way stays, with all of its deliveries
    VT_TRY(const Answer alerts,
           database.ask("DELETE FROM alerts WHERE at_ms < $1 AND NOT EXISTS (SELECT 1 FROM alert_deliveries d WHERE"
                        " d.market = alerts.market AND d.alert = alerts.id AND d.settled_ms IS NULL)",
                        before));
    VT_TRY(const Answer deliveries,
           database.ask("DELETE FROM alert_deliveries WHERE queued_ms < $1 AND NOT EXISTS (SELECT 1 FROM alerts a"
                        " WHERE a.market = alert_deliveries.market AND a.id = alert_deliveries.alert)",
                        before));
    if (Result<void> done = transaction.commit(); !done) return tl::unexpected<Error>(std::move(done.error()));
    return seen.changed + alerts.changed + deliveries.changed;
}

}  // namespace vt::records
