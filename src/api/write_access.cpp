#include "api/write_access.hpp"

#include "api/place.hpp"

namespace vt::api {
std::optional<WriteRefusal> write_refusal(const net::HttpRequest& request) {
    if (!is_loopback_address(request.remote_address))
        return WriteRefusal{.detail = "changes are taken from this machine only"};
    const std::string_view host = request.header("Host").value_or("");
    if (!is_loopback_host(host))
        return WriteRefusal{.detail = "changes are taken under a loopback name only: localhost, 127.0.0.1 or [::1]"};
    if (is_passed_on(request))
        return WriteRefusal{.detail =
                                "changes are not taken over a proxy: without a login everybody behind it "
                                "would be taken for this machine's user"};
    if (!is_of_own_page(request, false))
        return WriteRefusal{.detail = "changes are not taken from pages of another origin"};
    if (!is_json(request))
        return WriteRefusal{.status = 415, .detail = "a change is sent with Content-Type: application/json"};
    return std::nullopt;
}

}  // namespace vt::api
