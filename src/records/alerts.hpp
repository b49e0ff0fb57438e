#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "records/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vt::records {

// What is kept of alerts: the inbox, how far each is on its way to each channel, the rules, and for a week what was
// seen, so that a rule can be tried on it. Rows of the first three change; what was seen does not.

/// An alert in the inbox.
struct AlertRow {
    std::string market;  ///< "live", "demo"
    std::string id;      ///< 32 hexadecimal digits
    Timestamp at;        ///< whole milliseconds
    std::string kind;
    std::string severity;
    std::string instrument;  ///< path id; empty: of none
    std::string rule;
    std::string body;    ///< as JSON
    std::string follow;  ///< what a delivery is made of
    std::optional<Timestamp> acknowledged_at;
    std::string acknowledged_by;  ///< a user's name
    bool operator==(const AlertRow&) const = default;
};

/// How far an alert is on its way to a channel.
struct DeliveryRow {
    std::string market;
    std::string alert;
    std::string channel;
    std::string state;  ///< "waiting", "sending", "delivered", "dead"
    Timestamp queued_at;
    std::uint32_t attempts = 0;
    std::optional<Timestamp> settled_at;
    std::string message;  ///< key of the message that it is or was part of
    std::string receipt;
    std::string problem;
    bool operator==(const DeliveryRow&) const = default;
};

/// Something that was seen, whatever rules there were.
struct OccurrenceRow {
    std::string market;
    Timestamp at;
    std::string run;
    std::uint64_t number = 0;  ///< counts those of the run
    std::string kind;
    std::string body;  ///< its binary form
    bool operator==(const OccurrenceRow&) const = default;
};

/// What belongs together: all of it is stored or nothing.
struct AlertBatch {
    std::vector<AlertRow> alerts;         ///< one that is there already is left as it is
    std::vector<DeliveryRow> deliveries;  ///< in place of what is there
    std::vector<OccurrenceRow> occurrences;
    [[nodiscard]] bool is_empty() const { return alerts.empty() && deliveries.empty() && occurrences.empty(); }
};
/// Stores a batch in a transaction of its own. errors: as Database
[[nodiscard]] Result<void> store_alerts(Database& database, const AlertBatch& batch);

struct AlertQuery {
    std::string market;
    std::string kind, severity, instrument;  ///< empty: all
    bool only_open = false;                  ///< not acknowledged
    std::size_t limit = 100;
    std::string cursor;  ///< of the page before; empty: the first page
};
struct AlertPage {
    std::vector<AlertRow> alerts;  ///< the newest first; without `follow`
    std::string cursor;            ///< of the next page; empty: this was the last
};
inline constexpr std::size_t kAlertPageMax = 1000;
/// errors: malformed (a cursor that no page gave), out_of_range (limit), as Database
[[nodiscard]] Result<AlertPage> alerts_of(Database& database, const AlertQuery& query);
/// out: absent where none of that id is kept
[[nodiscard]] Result<std::optional<AlertRow>> alert_with_id(Database& database, const std::string& market,
                                                            const std::string& id);
/// Marks alerts as seen by somebody; what is marked already stays as it is.
///   in:  `ids` empty: all of the market that are open
///   out: how many were marked
[[nodiscard]] Result<std::uint64_t> acknowledge(Database& database, const std::string& market,
                                                const std::vector<std::string>& ids, const std::string& who,
                                                Timestamp now);

/// Of one alert, by channel.
[[nodiscard]] Result<std::vector<DeliveryRow>> deliveries_of(Database& database, const std::string& market,
                                                             const std::string& alert);
/// The newest of a channel (empty: of all), newest first. in: limit 1..kAlertPageMax
[[nodiscard]] Result<std::vector<DeliveryRow>> delivery_log(Database& database, const std::string& market,
                                                            const std::string& channel, std::size_t limit);
/// What an earlier run left on its way: deliveries in the order in which they were queued, and their alerts.
[[nodiscard]] Result<AlertBatch> unsettled_alerts(Database& database, const std::string& market);

/// A rule as JSON, under its name.
struct RuleRow {
    std::string market;
    std::string name;
    std::string body;
    bool operator==(const RuleRow&) const = default;
};
/// By name.
[[nodiscard]] Result<std::vector<RuleRow>> alert_rules(Database& database, const std::string& market);
/// All rules of a market in place of those before, in one transaction.
[[nodiscard]] Result<void> replace_alert_rules(Database& database, const std::string& market,
                                               const std::vector<RuleRow>& rules);

/// What was seen from a time on, in order of time. in: kinds empty: all; at most `limit`, the newest
[[nodiscard]] Result<std::vector<OccurrenceRow>> occurrences_since(Database& database, const std::string& market,
                                                                   const std::string& kind, Timestamp from,
                                                                   std::size_t limit);
/// Forgets what was seen before a time, and alerts older than another with their deliveries, as far as those are
/// settled. out: rows removed
[[nodiscard]] Result<std::uint64_t> forget_alerts(Database& database, Timestamp occurrences_before,
                                                  Timestamp alerts_before);

}  // namespace vt::records
