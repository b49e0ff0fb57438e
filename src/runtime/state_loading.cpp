#include "runtime/state_loading.hpp"

#include "engine/event.hpp"

namespace vt::runtime {

bool StateLoading::push_some(InputQueue& queue, std::size_t room_bytes, std::size_t waiting_bytes, Timestamp now) {
    for (; next_ < parts_.size(); ++next_) {
        const std::size_t waiting = queue.size_bytes() + waiting_bytes;
        if (waiting > 0 && waiting + parts_[next_].size() > room_bytes) return false;
        queue.push(engine::LoadState{.state = parts_[next_], .shift = shift_}, now);
        std::string().swap(parts_[next_]);
    }
    return true;
}

}  // namespace vt::runtime
