package enum Placeholder {}

package func main() {}
