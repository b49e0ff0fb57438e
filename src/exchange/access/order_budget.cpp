#include "exchange/access/order_budget.hpp"

#include "base/whole_number.hpp"

#include <algorithm>
#include <string>

namespace vt::exchange::access {
namespace {

using std::chrono::seconds;

/// After a refusal that does not say how long: the shortest window there is.
constexpr Nanos kRefusedFor = seconds{10};
constexpr Nanos kDateMargin = seconds{1};  ///< of a Date, which has whole seconds

/// "x-mbx-order-count-10s": the window as the venue names it.
std::string header_name(Nanos span) {
    const std::int64_t count = span / seconds{1};
    std::string window = std::to_string(count) + "s";
    if (span % kDay == Nanos{0}) {
        window = std::to_string(span / kDay) + "d";
    } else if (count % 3600 == 0) {
        window = std::to_string(count / 3600) + "h";
    } else if (count % 60 == 0) {
        window = std::to_string(count / 60) + "m";
    }
    return "x-mbx-order-count-" + window;
}

}  // namespace

OrderBudget::OrderBudget(Site site, double share) : site_(site), share_(share) { use(published_order_limits(site)); }

void OrderBudget::use(std::vector<PublishedLimit> limits) {
    limits_ = std::move(limits);
    budgets_.clear();
    for (const PublishedLimit& limit : limits_) budgets_.emplace_back(planned(limit.limit, share_), limit.span);
    observed_.assign(limits_.size(), std::nullopt);
}

Timestamp OrderBudget::free_at(std::uint32_t orders, Timestamp now) const {
    Timestamp at = std::max(now, held_until_);
    for (std::size_t i = 0; i < limits_.size(); ++i) {
        at = std::max(at, budgets_[i].free_at(orders, 1.0));
        const auto& seen = observed_[i];
        if (!seen || now >= seen->until) continue;
        if (seen->used + orders > planned(limits_[i].limit, kPlannedShare)) at = std::max(at, seen->until);
    }
    return at;
}

void OrderBudget::sent(std::uint32_t orders, Timestamp now) {
    for (Budget& budget : budgets_) budget.spend(orders, now);
    for (auto& seen : observed_) {
        if (seen) seen->used += orders;
    }
}

void OrderBudget::answered(const Answer& answer) {
    if (site_ == Site::bybit) return;
    const auto date_text = header(answer.headers, "date");
    const auto date = date_text ? parse_http_date(*date_text) : std::nullopt;
    for (std::size_t i = 0; i < limits_.size(); ++i) {
        const auto text = header(answer.headers, header_name(limits_[i].span));
        const auto used = text ? whole_number<std::uint32_t>(*text) : std::nullopt;
        if (!used) continue;
        const Nanos span = limits_[i].span;
        const Nanos left = date ? span - (*date - floor_to(*date, span)) + kDateMargin : span;
        // An older answer that comes later must not take back what was sent meanwhile.
        auto& seen = observed_[i];
        const bool is_same_window = seen && answer.received < seen->until;
        seen = Observed{is_same_window ? std::max(seen->used, *used) : *used, answer.received + left};
    }
    const bool is_refused = answer.body.substr(0, 256).find("\"code\":-1015") != std::string_view::npos;
    if (!is_refused) return;
    const auto wait_text = header(answer.headers, "retry-after");
    const auto wait = wait_text ? whole_number<std::uint32_t>(*wait_text) : std::nullopt;
    held_until_ = std::max(held_until_, answer.received + (wait ? Nanos{seconds{*wait}} : kRefusedFor));
}

void OrderBudget::learn(std::string_view exchange_info) {
    std::vector<PublishedLimit> told = order_limits(exchange_info);
    const auto is_same = [](const PublishedLimit& a, const PublishedLimit& b) {
        return a.limit == b.limit && a.span == b.span;
    };
    // The same again must not forget what was spent.
    if (told.empty() || std::equal(told.begin(), told.end(), limits_.begin(), limits_.end(), is_same)) return;
    use(std::move(told));
}

}  // namespace vt::exchange::access
