#pragma once

#include <cstdint>

namespace vt::analysis::order_flow {

/// Volume of one price bucket of a minute, base currency.
struct FootprintLevel {
    std::int64_t bucket = 0;
    double bought = 0;  ///< by takers
    double sold = 0;
    template <class Archive>
    void archive(Archive& a) {
        a(bucket, bought, sold);
    }
};

struct Stacks {
    int buy = 0;  ///< runs of at least kMinRun neighbouring buckets in which buyers dominate
    int sell = 0;
};

}  // namespace vt::analysis::order_flow
