#include "net/basic_login.hpp"

#include <openssl/evp.h>

namespace vt::net {

std::string basic_login(std::string_view user_and_password) {
    std::string coded(4 * ((user_and_password.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data()),
                                       reinterpret_cast<const unsigned char*>(user_and_password.data()),
                                       static_cast<int>(user_and_password.size()));
    coded.resize(static_cast<std::size_t>(length));
    return "Basic " + coded;
}

}  // namespace vt::net
