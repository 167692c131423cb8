//! Prints the TypeScript declarations of what crosses to the app.

fn main() {
    print!("{}", bianfang::client::typescript());
}
