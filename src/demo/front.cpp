#include "demo/front.hpp"

namespace vt::demo {

RestAnswer plain_answer(int status, std::string_view text) {
    return {.status = status, .content_type = "text/plain", .body = std::string(text).append("\n")};
}

std::string_view FrontRequest::header(std::string_view name) const {
    for (const net::HeaderView& one : headers) {
        if (net::equal_ignoring_case(one.name, name)) return one.value;
    }
    return {};
}

}  // namespace vt::demo
