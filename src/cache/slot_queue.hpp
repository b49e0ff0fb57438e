#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vt::cache {

inline constexpr std::uint32_t kNoSlot = 0xFFFF'FFFF;

/// A first-in-first-out queue threaded through slots of an array that others own: each slot has `older` and `newer`.
struct SlotQueue {
    std::uint32_t oldest = kNoSlot;
    std::uint32_t newest = kNoSlot;
    std::size_t size = 0;

    template <class Slot>
    void push(std::vector<Slot>& slots, std::uint32_t index) {
        slots[index].older = newest;
        slots[index].newer = kNoSlot;
        (newest == kNoSlot ? oldest : slots[newest].newer) = index;
        newest = index;
        ++size;
    }
    template <class Slot>
    void remove(std::vector<Slot>& slots, std::uint32_t index) {
        const Slot& slot = slots[index];
        (slot.older == kNoSlot ? oldest : slots[slot.older].newer) = slot.newer;
        (slot.newer == kNoSlot ? newest : slots[slot.newer].older) = slot.older;
        --size;
    }
};

}  // namespace vt::cache
