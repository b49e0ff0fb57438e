#include "base/assert.hpp"
#include "base/member_codec.hpp"
#include "paper/venue.hpp"
#include "trading/members.hpp"

#include <algorithm>
#include <concepts>
#include <type_traits>
#include <utility>

// The account's binary form: a version, then the members of SavedAccount. An instrument is the place of its path id
// in a list of those that occur.

namespace vt::paper {

constexpr std::uint8_t value_count(Phase) { return 3; }

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, Venue::Brought>
void members(T& brought, Archive& archive) {
    archive(brought.realised, brought.fees, brought.funding);
}

namespace {

using InstrumentPlace = std::uint32_t;

struct SavedFill {
    Timestamp at;
    trading::Fill fill;
};
struct SavedPosition {
    InstrumentPlace instrument = 0;
    trading::Position::Facts facts;
    trading::Money margin_used;
    std::int32_t leverage = 1;
    Timestamp settled_until;
};
/// Open, or over: then with its last state.
struct SavedOrder {
    InstrumentPlace instrument = 0;
    trading::OrderRequest request;
    trading::OrderState state = trading::OrderState::open;
    std::uint32_t revision = 0;
    Lots filled;
    Phase phase = Phase::taking;
    Timestamp sent_at;
    Timestamp visible_from;
    std::uint64_t arrival = 0;
    std::vector<SavedFill> fills;
};
/// A liquidation or delivery, or a settlement.
struct SavedReport {
    InstrumentPlace instrument = 0;
    Timestamp at;
    std::optional<trading::Fill> fill;
    std::optional<trading::FundingPaid> paid;
};
struct SavedAccount {
    trading::Money wallet;
    std::uint64_t requests = 0, lost_requests = 0, refused = 0, executions = 0, liquidations = 0, unsettled = 0;
    std::uint64_t reports = 0, arrivals = 0;
    trading::ClientOrderId forgotten;
    std::vector<std::string> instruments;
    std::vector<SavedPosition> positions;
    std::vector<SavedOrder> open;
    std::vector<SavedOrder> over;  ///< from the oldest on
    std::vector<SavedReport> account_reports;
    Venue::Brought by_unlisted;
};

template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, SavedFill>
void members(T& saved, Archive& archive) {
    archive(saved.at, saved.fill);
}
template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, SavedPosition>
void members(T& saved, Archive& archive) {
    archive(saved.instrument, saved.facts, saved.margin_used, saved.leverage, saved.settled_until);
}
template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, SavedOrder>
void members(T& saved, Archive& archive) {
    archive(saved.instrument, saved.request, saved.state, saved.revision, saved.filled, saved.phase, saved.sent_at,
            saved.visible_from, saved.arrival, saved.fills);
}
template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, SavedReport>
void members(T& saved, Archive& archive) {
    archive(saved.instrument, saved.at, saved.fill, saved.paid);
}
template <class T, class Archive>
    requires std::same_as<std::remove_const_t<T>, SavedAccount>
void members(T& saved, Archive& archive) {
    archive(saved.wallet, saved.requests, saved.lost_requests, saved.refused, saved.executions, saved.liquidations,
            saved.unsettled, saved.reports, saved.arrivals, saved.forgotten, saved.instruments, saved.positions,
            saved.open, saved.over, saved.account_reports);
}

constexpr std::uint8_t kVersion = 2;
constexpr std::uint8_t kVersionWithoutUnlisted = 1;

/// Gives each instrument that occurs its place.
class Places {
public:
    explicit Places(const std::vector<Listing>& listings) : listings_(listings) {}
    InstrumentPlace place_of(market::InstrumentId instrument) {
        const std::string path = listings_.at(instrument.value()).instrument().path_id();
        const auto found = std::ranges::find(paths_, path);
        if (found != paths_.end()) return static_cast<InstrumentPlace>(found - paths_.begin());
        paths_.push_back(path);
        return static_cast<InstrumentPlace>(paths_.size() - 1);
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(paths_); }

private:
    const std::vector<Listing>& listings_;
    std::vector<std::string> paths_;
};

/// By place; absent where it is not listed now.
std::vector<std::optional<market::InstrumentId>> listed_places(const std::vector<std::string>& paths,
                                                               const std::vector<Listing>& listings) {
    std::vector<std::optional<market::InstrumentId>> ids(paths.size());
    for (const Listing& listing : listings) {
        if (listing.market == nullptr) continue;
        const auto found = std::ranges::find(paths, listing.instrument().path_id());
        if (found != paths.end()) ids[static_cast<std::size_t>(found - paths.begin())] = listing.instrument().id;
    }
    return ids;
}

std::vector<SavedFill> saved_fills(const std::vector<trading::Report>& fills) {
    std::vector<SavedFill> saved;
    for (const auto& report : fills) saved.push_back({report.at, std::get<trading::Fill>(report.body)});
    return saved;
}

std::vector<trading::Report> restored_fills(const std::vector<SavedFill>& saved, market::InstrumentId instrument) {
    std::vector<trading::Report> fills;
    for (SavedFill each : saved) {
        each.fill.instrument = instrument;
        fills.push_back({.at = each.at, .body = each.fill});
    }
    return fills;
}

SavedOrder saved_of(const OpenOrder& order, Places& places) {
    return {.instrument = places.place_of(order.request.instrument),
            .request = order.request,
            .state = order.state(),
            .revision = order.revision,
            .filled = order.filled,
            .phase = order.phase,
            .sent_at = order.sent_at,
            .visible_from = order.visible_from,
            .arrival = order.arrival,
            .fills = saved_fills(order.fills)};
}

/// Its place in the queue is not known any more: it will be behind everything that is displayed.
OpenOrder open_order_of(const SavedOrder& saved, market::InstrumentId instrument) {
    OpenOrder order{.request = saved.request,
                    .revision = saved.revision,
                    .filled = saved.filled,
                    .phase = saved.phase,
                    .sent_at = saved.sent_at,
                    .visible_from = saved.visible_from,
                    .arrival = saved.arrival,
                    .fills = restored_fills(saved.fills, instrument)};
    order.request.instrument = instrument;
    return order;
}

SavedOrder saved_of(const ClosedOrder& order, Places& places) {
    return {.instrument = places.place_of(order.found.order.instrument),
            .request = order.found.order,
            .state = order.found.state,
            .revision = order.found.revision,
            .filled = order.found.filled,
            .visible_from = order.visible_from,
            .fills = saved_fills(order.fills)};
}

ClosedOrder closed_order_of(const SavedOrder& saved, market::InstrumentId instrument) {
    ClosedOrder order{
        .found = {.order = saved.request, .state = saved.state, .filled = saved.filled, .revision = saved.revision},
        .fills = restored_fills(saved.fills, instrument),
        .visible_from = saved.visible_from};
    order.found.order.instrument = instrument;
    return order;
}

SavedReport saved_of(const trading::Report& report, Places& places) {
    SavedReport saved{.at = report.at};
    if (const auto* fill = std::get_if<trading::Fill>(&report.body)) {
        saved.fill = *fill;
        saved.instrument = places.place_of(fill->instrument);
    } else {
        saved.paid = std::get<trading::FundingPaid>(report.body);
        saved.instrument = places.place_of(saved.paid->instrument);
    }
    return saved;
}

trading::Report report_of(const SavedReport& saved, market::InstrumentId instrument) {
    if (saved.fill) {
        trading::Fill fill = *saved.fill;
        fill.instrument = instrument;
        return {.at = saved.at, .body = fill};
    }
    trading::FundingPaid paid = *saved.paid;
    paid.instrument = instrument;
    return {.at = saved.at, .body = paid};
}

/// An order that can stand where it is said to stand.
bool is_possible(const SavedOrder& order) {
    const bool is_limit = order.request.kind == trading::OrderKind::limit;
    const bool is_stop = order.request.kind == trading::OrderKind::stop_market;
    const bool fits_phase = order.phase == Phase::taking || (order.phase == Phase::resting ? is_limit : is_stop);
    return fits_phase && order.filled >= Lots{} && order.filled < order.request.quantity &&
           order.request.price.has_value() == is_limit && order.request.trigger.has_value() == is_stop;
}

bool is_sound(const SavedAccount& saved) {
    const auto is_placed = [&](const auto& each) { return each.instrument < saved.instruments.size(); };
    const auto is_position = [](const SavedPosition& position) {
        return position.leverage >= 1 && position.leverage <= kLeverageMost &&
               position.facts.cost >= trading::Money{} &&
               (position.facts.net != Lots{} || position.facts.cost == trading::Money{});
    };
    const auto is_report = [](const SavedReport& report) {
        return report.fill.has_value() != report.paid.has_value();
    };
    return std::ranges::all_of(saved.positions, is_placed) && std::ranges::all_of(saved.open, is_placed) &&
           std::ranges::all_of(saved.over, is_placed) && std::ranges::all_of(saved.account_reports, is_placed) &&
           std::ranges::all_of(saved.open, is_possible) && std::ranges::all_of(saved.positions, is_position) &&
           std::ranges::all_of(saved.account_reports, is_report);
}

tl::unexpected<Error> not_listed(const std::string& path) {
    return fail(Errc::not_found, "paper account: " + path +
                                     " has a position or an order and is not listed: list it again, or begin a new "
                                     "account");
}

Result<SavedAccount> read(std::string_view bytes) {
    const int version = bytes.empty() ? 0 : static_cast<std::uint8_t>(bytes.front());
    if (version != kVersion && version != kVersionWithoutUnlisted)
        return fail(Errc::unsupported,
                    "the kept paper account is of another version of the program: start the one that wrote it, or "
                    "begin a new account");
    SavedAccount saved;
    MemberDecoder decoder(bytes.substr(1));
    decoder(saved);
    if (version != kVersionWithoutUnlisted) decoder(saved.by_unlisted);
    if (!decoder.is_whole() || !is_sound(saved))
        return fail(Errc::malformed, "the kept paper account is damaged: restore a copy of the database");
    return saved;
}

}  // namespace

void Venue::encode(std::string& out) const {
    Places places(listings_);
    SavedAccount saved{.wallet = wallet_,
                       .requests = counts_.requests,
                       .lost_requests = counts_.lost_requests,
                       .refused = counts_.refused,
                       .executions = counts_.executions,
                       .liquidations = counts_.liquidations,
                       .unsettled = counts_.unsettled,
                       .reports = reports_,
                       .arrivals = arrivals_,
                       .forgotten = history_.forgotten(),
                       .by_unlisted = brought_by_unlisted_};
    for (const Listing& listing : listings_) {
        if (listing.market == nullptr) continue;
        const bool is_as_begun = listing.position.facts() == trading::Position::Facts{} &&
                                 listing.leverage == default_leverage(listing.instrument());
        if (is_as_begun) continue;
        saved.positions.push_back({.instrument = places.place_of(listing.instrument().id),
                                   .facts = listing.position.facts(),
                                   .margin_used = listing.margin_used,
                                   .leverage = listing.leverage,
                                   .settled_until = listing.settled_until});
    }
    for (const auto& [id, order] : orders_) saved.open.push_back(saved_of(order, places));
    const auto& ids = history_.ids();
    const std::size_t first_written = ids.size() - std::min(ids.size(), kOrdersWritten);
    for (std::size_t i = 0; i < first_written; ++i) saved.forgotten = std::max(saved.forgotten, ids[i]);
    for (std::size_t i = first_written; i < ids.size(); ++i)
        saved.over.push_back(saved_of(*history_.find(ids[i]), places));
    for (const trading::Report& report : account_reports_) saved.account_reports.push_back(saved_of(report, places));
    saved.instruments = places.take();
    append_little_endian(out, kVersion);
    MemberEncoder encoder(out);
    encoder(saved, saved.by_unlisted);
}

Result<void> Venue::restore(std::string_view bytes) {
    VT_ASSERT(orders_.empty() && counts_.requests == 0);
    VT_TRY(const SavedAccount saved, read(bytes));
    wallet_ = saved.wallet;
    reports_ = saved.reports;
    arrivals_ = saved.arrivals;
    brought_by_unlisted_ = saved.by_unlisted;
    counts_ = {.requests = saved.requests,
               .lost_requests = saved.lost_requests,
               .refused = saved.refused,
               .executions = saved.executions,
               .liquidations = saved.liquidations,
               .unsettled = saved.unsettled};
    const auto ids = listed_places(saved.instruments, listings_);
    for (const SavedPosition& position : saved.positions) {
        const auto id = ids[position.instrument];
        if (!id && position.facts.net != Lots{}) return not_listed(saved.instruments[position.instrument]);
        if (!id) {  // only what it brought is left of it
            brought_by_unlisted_.add(position.facts);
            continue;
        }
        Listing& listing = listings_[id->value()];
        listing.position = trading::Position(position.facts);
        listing.margin_used = position.margin_used;
        listing.leverage = position.leverage;
        listing.settled_until = position.settled_until;
    }
    for (const SavedOrder& order : saved.open) {
        const auto id = ids[order.instrument];
        if (!id) return not_listed(saved.instruments[order.instrument]);
        const auto [restored, is_new] = orders_.emplace(order.request.id, open_order_of(order, *id));
        if (is_new) listings_[id->value()].file(restored->second);
    }
    history_.set_forgotten(saved.forgotten);
    for (const SavedOrder& order : saved.over)
        if (const auto id = ids[order.instrument]) history_.add(closed_order_of(order, *id));
    for (const SavedReport& report : saved.account_reports)
        if (const auto id = ids[report.instrument]) account_reports_.push_back(report_of(report, *id));
    next_check_ = Timestamp::min();  // what is due is found at the first instant
    return {};
}

}  // namespace vt::paper
