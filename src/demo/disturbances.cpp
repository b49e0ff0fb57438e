#include "demo/disturbances.hpp"

#include <algorithm>

namespace vt::demo {

void Disturbances::begin(const Fault& fault, Timestamp at) {
    const Timestamp until = at + fault.duration;
    switch (fault.kind) {
        case Fault::Kind::restart: down_until_ = until; break;
        case Fault::Kind::maintenance: maintenance_until_ = until; break;
        case Fault::Kind::mute: muted_until_ = until; break;
        case Fault::Kind::tls: tls_broken_until_ = until; break;
        case Fault::Kind::overload: overloaded_until_ = until; break;
        case Fault::Kind::ban: banned_until_ = until; break;
        case Fault::Kind::forbid: forbidden_until_ = until; break;
        case Fault::Kind::clock:
            clock_until_ = until;
            clock_offset_ = fault.amount;
            break;
        case Fault::Kind::slow_rest:
            slow_rest_until_ = until;
            rest_delay_ = fault.amount;
            break;
        case Fault::Kind::stall:
        case Fault::Kind::slow:
        case Fault::Kind::lose:
        case Fault::Kind::duplicate:
        case Fault::Kind::reorder:
        case Fault::Kind::malform:
            std::erase_if(disturbances_, [&](const Disturbance& one) {
                const bool lasts = one.fault.kind == Fault::Kind::stall || one.fault.kind == Fault::Kind::slow;
                return lasts ? one.until <= at : one.left == 0;
            });
            disturbances_.push_back({.fault = fault, .until = until, .left = fault.count});
            break;
        case Fault::Kind::drop:
        case Fault::Kind::new_books:
        case Fault::Kind::delist:
        case Fault::Kind::list:
        case Fault::Kind::liquidate: break;
    }
}

bool Disturbances::is_stalled(std::string_view name, Timestamp now) const {
    return std::any_of(disturbances_.begin(), disturbances_.end(), [&](const Disturbance& one) {
        return one.fault.kind == Fault::Kind::stall && now < one.until && one.fault.concerns(name);
    });
}

bool Disturbances::disturb(std::uint32_t topic, std::string_view name, const Frame& frame, Timestamp now,
                           const Deliver& deliver) {
    for (Disturbance& one : disturbances_) {
        if (!one.fault.concerns(name)) continue;
        if (one.fault.kind == Fault::Kind::stall) {
            if (now < one.until) return true;
            continue;
        }
        if (one.fault.kind == Fault::Kind::slow) {
            // Behind the delay's end a frame still waits for those of its topic that are on their way.
            const auto last =
                std::find_if(late_.rbegin(), late_.rend(), [&](const Late& other) { return other.topic == topic; });
            if (now >= one.until && last == late_.rend()) continue;
            const Timestamp due = now >= one.until ? last->due : now + one.fault.amount;
            const Late late{.due = due, .topic = topic, .frame = frame};
            const auto after = std::upper_bound(late_.begin(), late_.end(), late,
                                                [](const Late& a, const Late& b) { return a.due < b.due; });
            late_.insert(after, late);
            return true;
        }
        if (one.left == 0 || (one.fault.kind == Fault::Kind::reorder && held_.contains(topic))) continue;
        --one.left;
        if (one.fault.kind == Fault::Kind::duplicate) {
            deliver(topic, frame);
            deliver(topic, frame);
        } else if (one.fault.kind == Fault::Kind::reorder) {
            held_[topic] = frame;
        } else if (one.fault.kind == Fault::Kind::malform) {
            deliver(topic, std::make_shared<const std::string>(frame->substr(0, frame->size() / 2)));
        }
        return true;
    }
    return false;
}

void Disturbances::pass(std::uint32_t topic, std::string_view name, const Frame& frame, Timestamp now,
                        const Deliver& deliver) {
    if (!disturbances_.empty() && disturb(topic, name, frame, now, deliver)) return;
    deliver(topic, frame);
    if (held_.empty()) return;
    if (const auto waiting = held_.find(topic); waiting != held_.end()) {
        deliver(topic, waiting->second);
        held_.erase(waiting);
    }
}

void Disturbances::release(Timestamp now, const Deliver& deliver) {
    for (; !late_.empty() && late_.front().due <= now; late_.pop_front()) {
        deliver(late_.front().topic, late_.front().frame);
    }
}

}  // namespace vt::demo
