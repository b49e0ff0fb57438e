#include "exchange/binance/book_sync.hpp"

namespace vt::exchange::binance {

void BookSync::on_snapshot(std::uint64_t last_update_id) {
    has_snapshot_ = true;
    is_joined_ = false;
    last_ = last_update_id;
}

DepthVerdict BookSync::on_event(const DepthIds& ids) {
    if (!has_snapshot_) return DepthVerdict::wait;
    bool continues = false;
    if (is_spot_) {
        if (ids.last <= last_) return DepthVerdict::ignore;
        continues = is_joined_ ? ids.first == last_ + 1 : ids.first <= last_ + 1;
    } else {
        const bool is_old = is_joined_ ? ids.last <= last_ : ids.last < last_;
        if (is_old) return DepthVerdict::ignore;
        continues = is_joined_ ? ids.previous == last_ : ids.first <= last_ || ids.previous == last_;
    }
    if (!continues) {
        reset();
        return DepthVerdict::gap;
    }
    is_joined_ = true;
    last_ = ids.last;
    return DepthVerdict::apply;
}

}  // namespace vt::exchange::binance
